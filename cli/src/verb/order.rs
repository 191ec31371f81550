//! `utsushi order`: a safe order of the changes of a step, or why there is none; written back if asked for.

use crate::args::{Order, Plain};
use crate::engine;
use crate::failure::Failure;
use crate::files;
use crate::names;
use crate::session::{Exit, Session, complain, print};
use std::path::Path;
use utsushi::model::change::Change;
use utsushi::model::migration::Step;
use utsushi::ordered::Answer;
use utsushi::scenarios::{self, Loaded, Sources, arrange};
use utsushi::sim::order::step::Found;

/// Reads, orders, writes, prints.
pub(super) fn run(args: &Order, session: &Session) -> Result<Exit, Failure> {
    let progress = session.progress("シナリオを読んでいる", "reading the scenario");
    let ready = engine::load(&args.scenario)?;
    let state = names::step(&ready.migration.states, &args.step)?;
    let Some(index) = state.checked_sub(1) else {
        return Err(
            Failure::asked("現状には並べる変更がない", "today has no changes to order")
                .help("`--step` にステップを指定する", "name a step with `--step`"),
        );
    };
    progress.next("安全な順序を探している", "looking for a safe order");
    let ordered = engine::ordered(&ready.migration, index)?;
    let step = &ready.migration.steps[index];
    let written = match &ordered.found {
        Found::Ordered { order, .. } if args.write => Some(write(&ready, step, order)?),
        _ => None,
    };
    drop(progress);
    let answer = Answer {
        migration: &ready.migration,
        step,
        ordered: &ordered,
        written,
        lang: session.lang,
    };
    print(&match args.form.format {
        Plain::Json => answer
            .json()
            .map_err(|error| Failure::Fault(error.to_string()))?,
        Plain::Text => answer.text(session.paint),
    });
    if args.write && matches!(ordered.found, Found::Impossible(_)) {
        complain(session.pick("何も書き込んでいない\n", "nothing was written\n"));
    }
    Ok(match &ordered.found {
        Found::Ordered { lasting, .. } if lasting.is_empty() => Exit::Clean,
        Found::Ordered { .. } | Found::Impossible(_) => Exit::Found,
    })
}

/// Writes the order into the file in which the step stands, all or nothing.
fn write<'s>(ready: &Loaded, step: &'s Step, order: &[usize]) -> Result<(&'s str, bool), Failure> {
    let path = Path::new(&*step.place.file);
    let read = std::fs::read_to_string(path);
    let text = read.map_err(|error| Failure::file(path, &error))?;
    let refused = |why: arrange::Refusal| {
        Failure::asked(
            format!("順序を書き戻せない：{}", why.ja),
            format!("the order cannot be written back: {}", why.en),
        )
        .help(
            "`--write` なしで示される順に、手で並べ替える",
            "arrange the changes by hand, as shown without `--write`",
        )
    };
    let new = arrange::arranged(&text, &ready.sources, step, order).map_err(refused)?;
    // What is written must say the same plan: it is read again before it takes the old file's place.
    let files = arrange::Instead::of(&step.place.file, &new);
    let again = scenarios::load_from(&files, &first_file(&ready.sources));
    let same = again.is_ok_and(|l| {
        let steps = &l.migration.steps;
        let Some(at) = steps.iter().position(|s| s.id == step.id) else {
            return false;
        };
        let words = |c: &Change| c.words();
        let wanted = order.iter().map(|at| words(&step.changes[*at]));
        let ends = [&ready.migration, &l.migration].map(|m| &m.states[at + 1].network);
        steps[at].changes.iter().map(words).eq(wanted) && ends[0].unlike(ends[1]).is_empty()
    });
    if !same {
        return Err(Failure::asked(
            "順序を書き戻せない：この順に書くと、ステップ後のネットワークが変わってしまう",
            "the order cannot be written back: written so, the network after the step would be another one",
        )
        .help(
            "`First`・`Last` の位置は書いた順に左右される。`Before`・`After` で位置を決めてから並べる",
            "`First` and `Last` depend on the order written; give rules their places with `Before` and `After` first",
        ));
    }
    let changed = new != text;
    if changed {
        files::replace(path, new.as_bytes())?;
    }
    Ok((&step.place.file, changed))
}

/// The file with which the scenario begins.
fn first_file(sources: &Sources) -> String {
    let mut names = sources.iter().map(|(name, _)| name.to_owned());
    names.next().unwrap_or_default()
}
