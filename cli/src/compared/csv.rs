//! The comparison as CSV (RFC 4180), one line for each box; headings are the same in both languages.

use super::json::word;
use super::{Compared, list};
use csv::Writer;
use std::io;

/// The columns.
const HEADS: [&str; 10] = [
    "change",
    "certain",
    "from",
    "to",
    "src",
    "dst",
    "protocol",
    "src_ports",
    "dst_ports",
    "causes",
];

impl Compared<'_> {
    /// The boxes of all traffic.
    ///
    /// # Errors
    /// The CSV writer's own.
    pub fn csv(&self) -> io::Result<Vec<u8>> {
        let mut out = Writer::from_writer(Vec::new());
        out.write_record(HEADS)?;
        for row in &self.traffic.traffic {
            for b in &row.boxes {
                out.write_record([
                    word(row.kind),
                    if row.certain { "yes" } else { "perhaps" },
                    &list(&row.from),
                    &list(&row.to),
                    &list(&b.src),
                    &list(&b.dst),
                    &list(&b.protocol),
                    &list(&b.src_ports),
                    &list(&b.dst_ports),
                    &self.causes(row),
                ])?;
            }
        }
        out.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}
