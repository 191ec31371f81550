//! `utsushi explain`: the page of a finding or problem, or what the packs say of a rule.

use crate::args::Explain;
use crate::failure::Failure;
use crate::session::{Exit, Session, print};
use utsushi::model::finding::Code;
use utsushi::{catalogue, pages, wording};

/// Prints the page; an unknown code is answered with those closest to it.
pub(super) fn run(args: &Explain, session: &Session) -> Result<Exit, Failure> {
    let asked = args.code.trim();
    let Some(code) = Code::parse(asked) else {
        let page = catalogue::page(asked, session.lang);
        print(&page.ok_or_else(|| unknown(asked, session))?);
        return Ok(Exit::Clean);
    };
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
    let codes = pages::closest(text).into_iter();
    let codes = codes.map(|code| format!("`{code}` ({})", wording::title(code, session.lang)));
    let rules = catalogue::closest(text).into_iter();
    let near: Vec<_> = codes.chain(rules.map(|id| format!("`{id}`"))).collect();
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
