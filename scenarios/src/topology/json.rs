//! JSON as written: every value is a slice of the text, so that it knows where it stands.
//!
//! Goes in: a text. Comes out: a [`Json`], looked into one level at a time, so that however deep a text nests,
//! nothing here does. What can go wrong: the text is no JSON; a value is asked for what it is not, which gives
//! `None`.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// A value as written; borrowed from the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Json<'t>(&'t RawValue);

/// A field of an object: its key as written, its name, its value.
#[derive(Debug, Clone)]
pub(super) struct Field<'t> {
    /// The key with its quotes.
    pub(super) key: &'t str,
    /// What the key says.
    pub(super) name: String,
    /// What stands behind it.
    pub(super) value: Json<'t>,
}

impl<'t> Json<'t> {
    /// The value that a text is.
    pub(super) fn of(text: &'t str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text).map(Self)
    }

    /// The value as written.
    pub(super) fn text(self) -> &'t str {
        self.0.get()
    }

    /// What a message marks: a short value as a whole, of others the bracket that opens them.
    pub(super) fn head(self) -> &'t str {
        match self.text().starts_with(['{', '[']) {
            true => &self.text()[..1],
            false => self.text(),
        }
    }

    /// The fields in the order in which they are written, doubles among them; `None` if it is no object.
    pub(super) fn fields(self) -> Option<Vec<Field<'t>>> {
        serde_json::from_str::<Fields<'t>>(self.text())
            .ok()
            .map(|fields| fields.0)
    }

    /// The items; `None` if it is no list.
    pub(super) fn items(self) -> Option<Vec<Self>> {
        let items: Vec<&'t RawValue> = serde_json::from_str(self.text()).ok()?;
        Some(items.into_iter().map(Self).collect())
    }

    /// What a string says; `None` if it is none.
    pub(super) fn string(self) -> Option<String> {
        serde_json::from_str(self.text()).ok()
    }

    /// A number as written; `None` if it is none.
    pub(super) fn number(self) -> Option<&'t str> {
        let first = |letter: char| letter == '-' || letter.is_ascii_digit();
        self.text().starts_with(first).then_some(self.text())
    }

    /// `true` or `false`; `None` if it is neither.
    pub(super) fn truth(self) -> Option<bool> {
        self.text().parse().ok()
    }
}

struct Fields<'t>(Vec<Field<'t>>);

impl<'de: 't, 't> Deserialize<'de> for Fields<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_map(Collect)
            .map(|fields| Self(fields.0))
    }
}

struct Collect;

impl<'de> Visitor<'de> for Collect {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some((key, value)) = map.next_entry::<&'de RawValue, &'de RawValue>()? {
            let key = key.get();
            let name = serde_json::from_str(key).map_err(serde::de::Error::custom)?;
            fields.push(Field {
                key,
                name,
                value: Json(value),
            });
        }
        Ok(Fields(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_slices_of_the_text() {
        let text = r#" {"a": 1, "é\n": [true, "x"], "a": {}} "#;
        let fields = Json::of(text).unwrap().fields().unwrap();
        let names: Vec<&str> = fields.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["a", "é\n", "a"]);
        assert_eq!(fields[0].value.number(), Some("1"));
        let items = fields[1].value.items().unwrap();
        assert_eq!(items[0].truth(), Some(true));
        assert_eq!(items[1].string().as_deref(), Some("x"));
        let at = items[1].text().as_ptr() as usize - text.as_ptr() as usize;
        assert_eq!(&text[at..at + 3], "\"x\"");
        assert_eq!(fields[1].value.head(), "[");
        assert!(fields[1].value.fields().is_none() && fields[0].value.items().is_none());
    }

    #[test]
    fn deep_nesting_is_no_recursion() {
        let deep = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
        let json = Json::of(&deep).unwrap();
        assert_eq!(json.items().map(|items| items.len()), Some(1));
        assert!(Json::of(&"[".repeat(1_000_000)).is_err());
    }
}
