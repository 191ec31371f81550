//! `utsushi explain`: the page of a finding or problem.

use crate::args::Explain;
use crate::failure::Failure;
use crate::session::{Exit, Session, print};
use utsushi::model::finding::Code;
use utsushi::{pages, wording};

/// Prints the page; an unknown code is answered with those closest to it.
pub(super) fn run(args: &Explain, session: &Session) -> Result<Exit, Failure> {
    let code = Code::parse(args.code.trim()).ok_or_else(|| unknown(args.code.trim(), session))?;
    let page = pages::page(code, session.lang);
    let page =
        page.ok_or_else(|| Failure::Fault(format!("the page of `{code}` is not built in")))?;
    print(&page);
    Ok(Exit::Clean)
}

fn unknown(text: &str, session: &Session) -> Failure {
    let failure = Failure::asked(
        format!("コード `{text}` はない"),
        format!("there is no code `{text}`"),
    );
    let near: Vec<_> = pages::closest(text)
        .into_iter()
        .map(|code| format!("`{code}` ({})", wording::title(code, session.lang)))
        .collect();
    if near.is_empty() {
        let example = Code::Forbidden;
        return failure.help(
            format!("コードは `{example}` のように書く"),
            format!("codes look like `{example}`"),
        );
    }
    failure.help(
        format!("近いものは {}", near.join("、")),
        format!("close to it are {}", near.join(", ")),
    )
}
