//! What is said of a component that no packet can show: measures, and evidence for them.
//!
//! Goes in: values of a piece. Comes out: assurances of the model. What can go wrong: see [`crate::say`];
//! evidence whose last day is before its date.

use crate::lower::policy;
use crate::raw::{Val, network as raw};
use crate::read::Reader;
use utsushi_model::attestation::{Assurance, Attestation, Control};

const CONTROLS: &[(&str, Control)] = &[
    ("NetworkMonitoring", Control::NetworkMonitoring),
    ("Soc", Control::Soc),
    ("MailSecurity", Control::MailSecurity),
    ("Patched", Control::Patched),
    ("Antivirus", Control::Antivirus),
    ("Edr", Control::Edr),
    ("Logs", Control::Logs),
    ("SystemLogs", Control::SystemLogs),
    ("AssetAccess", Control::AssetAccess),
    ("Encryption", Control::Encryption),
    ("LossPrevention", Control::LossPrevention),
    ("Backup", Control::Backup),
    ("DeviceAuthentication", Control::DeviceAuthentication),
    ("TakeOut", Control::TakeOut),
    ("ShadowIt", Control::ShadowIt),
];

/// Measures and evidence of a component.
pub(crate) fn assurance<'a>(
    reader: &Reader<'a>,
    controls: &[Val<'a>],
    evidence: Option<Val<'a>>,
) -> Option<Assurance> {
    let controls = reader.all(controls, |value| {
        reader.word(value, ("対策", "a measure"), CONTROLS)
    });
    let evidence = reader.maybe(evidence, |value| self::evidence(reader, value));
    Some(Assurance {
        controls: controls?,
        evidence: evidence?,
    })
}

/// Evidence.
pub(crate) fn evidence<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Attestation> {
    let raw: raw::Evidence<'_> = reader.fields(value)?;
    let (by, document) = (reader.string(raw.by), reader.string(raw.document));
    let (date, expires) = policy::days(reader, Some(raw.date), raw.expires)?;
    Some(Attestation {
        by: by?,
        date: date?,
        document: document?,
        expires,
        place: reader.place(value),
    })
}
