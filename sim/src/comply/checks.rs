//! External checks before a model goes into operation (I-TX-12), from which full separation exempts (I-TX-13).

use super::{Seen, cause};
use utsushi_model::finding::{Cause, Code};
use utsushi_model::migration::{Migration, Model, State};
use utsushi_model::rule::{Check, CheckKind};

/// What is missing before the state in which one of the models begins. `crossings` is what is delivered
/// between the Internet and LGWAN zones in that state, where that was computed.
pub(super) fn check(
    migration: &Migration,
    state: &State,
    models: &[Model],
    crossings: Option<&[Cause]>,
) -> Vec<Seen> {
    let before = state.index.checked_sub(1).map(|i| &migration.states[i]);
    let begins =
        before.is_some_and(|b| !models.contains(&b.model)) && models.contains(&state.model);
    if !begins || crossings.is_some_and(<[Cause]>::is_empty) {
        return Vec::new();
    }
    let external: Vec<&Check> = migration
        .requirements
        .checks
        .iter()
        .filter(|c| c.kind == CheckKind::External)
        .collect();
    if external.iter().any(|c| wrong(c, state).is_none()) {
        return Vec::new();
    }
    let mut facts: Vec<Cause> = external.iter().filter_map(|c| wrong(c, state)).collect();
    if facts.is_empty() {
        facts.push(cause(
            "外部確認が計画されていない".to_owned(),
            "no external check is planned".to_owned(),
            &state.place,
        ));
    }
    let place = facts.first().map_or(&state.place, |f| &f.place).clone();
    facts.extend(crossings.into_iter().flatten().cloned());
    vec![Seen::facts(
        Code::CheckMissing,
        state.label.clone(),
        &place,
        facts,
    )]
}

/// Why a check does not count for a state.
fn wrong(check: &Check, state: &State) -> Option<Cause> {
    let (id, begins) = (&check.id, state.date);
    if check.date > begins {
        return Some(cause(
            format!(
                "外部確認 `{id}` は {} で、運用開始 {begins} より後である",
                check.date
            ),
            format!(
                "external check `{id}` is on {}, after operation begins on {begins}",
                check.date
            ),
            &check.place,
        ));
    }
    match check.reported {
        Some(reported) if reported <= begins => None,
        Some(reported) => Some(cause(
            format!(
                "外部確認 `{id}` のJ-LISへの報告は {reported} で、運用開始 {begins} より後である"
            ),
            format!(
                "external check `{id}` is reported to J-LIS on {reported}, after operation begins on {begins}"
            ),
            &check.place,
        )),
        None => Some(cause(
            format!("外部確認 `{id}` がJ-LISへ報告されていない"),
            format!("external check `{id}` is not reported to J-LIS"),
            &check.place,
        )),
    }
}
