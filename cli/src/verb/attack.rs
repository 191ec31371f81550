//! `utsushi attack`: what an attacker gets hold of by each of the seven risks, by which legs, and which measures are
//! absent on the way.

use crate::args::{Attack, Plain};
use crate::engine;
use crate::failure::Failure;
use crate::names;
use crate::session::{Exit, Session, print};
use serde::Serialize;
use utsushi::model::report::Report;
use utsushi::model::risk::{self, Guard, Prey, Risk};
use utsushi::model::text::Lang;
use utsushi::render::{Align, Columns};
use utsushi::sim::attack::{attacks, label};
use utsushi::sim::plane::Plane;
use utsushi::wording::{self, Context};

/// The document of `--format json`; described in `docs/attack-paths.md`.
#[derive(Debug, Serialize)]
struct Document<'a> {
    step: &'a str,
    attacks: &'a [risk::Attack],
}

/// Reads, compiles one state, attacks, prints. It tells and does not judge: that is for rules (`Guarded`).
pub(super) fn run(args: &Attack, session: &Session) -> Result<Exit, Failure> {
    let risks = match &args.risk {
        Some(name) => vec![risk(name)?],
        None => Risk::ALL.to_vec(),
    };
    let progress = session.progress("シナリオを読んでいる", "reading the scenario");
    let ready = engine::load(&args.scenario)?;
    let index = names::step(&ready.migration.states, &args.after.step)?;
    let state = &ready.migration.states[index];
    progress.next("攻撃経路を探している", "looking for attack paths");
    let plane = Plane::compile(std::sync::Arc::clone(&state.network), state.date);
    let mut found = Vec::new();
    for risk in &risks {
        let paths = attacks(&plane, state.model, *risk);
        found.extend(paths.map_err(|full| engine::full(&ready.migration, index, full))?);
    }
    drop(progress);
    let report = Report::unasked(&ready.migration);
    let context = session.context(&report, &ready.migration);
    let text = match args.form.format {
        Plain::Json => {
            let document = Document {
                step: state.step.as_str(),
                attacks: &found,
            };
            let text = serde_json::to_string_pretty(&document);
            text.map_err(|error| Failure::Fault(error.to_string()))? + "\n"
        }
        Plain::Text => text(&context, session, index, &risks, &found),
    };
    print(&text);
    Ok(Exit::Clean)
}

/// Names listed in text for one measure.
const MOST_NAMES: usize = 6;

fn risk(name: &str) -> Result<Risk, Failure> {
    Risk::parse(name).ok_or_else(|| {
        let known: Vec<&str> = Risk::ALL.into_iter().map(Risk::as_str).collect();
        Failure::asked(
            format!("リスク `{name}` はない"),
            format!("there is no risk `{name}`"),
        )
        .help(
            format!("指定できるのは {}", known.join("、")),
            format!("possible are {}", known.join(", ")),
        )
    })
}

fn text(
    context: &Context<'_>,
    session: &Session,
    state: usize,
    risks: &[Risk],
    found: &[risk::Attack],
) -> String {
    let heads = [
        (context.pick("リスク", "risk"), Align::Left),
        (context.pick("到達する系", "zone reached"), Align::Left),
        (context.pick("対象", "what"), Align::Left),
        (context.pick("例", "such as"), Align::Left),
        (context.pick("区間", "legs"), Align::Right),
        (
            context.pick("欠けている対策", "measures absent"),
            Align::Left,
        ),
    ];
    let mut columns = Columns::new(&heads);
    for attack in found {
        columns.row(vec![
            attack.risk.to_string(),
            attack.zone.get(context.lang).to_owned(),
            prey(attack.prey, context.lang).to_owned(),
            attack.example.clone(),
            attack.legs.len().to_string(),
            absent(attack, context.lang),
        ]);
    }
    let mut out = format!(
        "{}\n\n",
        session.paint.strong(&wording::step(context, state))
    );
    out += &columns.draw(session.paint, |_, label| label.to_owned());
    for risk in risks {
        let own: Vec<_> = found.iter().filter(|a| a.risk == *risk).collect();
        let title = format!("{risk}  {}", risk.label().get(context.lang));
        out += &format!("\n{}\n", session.paint.strong(&title));
        if own.is_empty() {
            out += context.pick("  到達経路なし\n", "  no path\n");
        }
        for attack in own {
            out += &path(attack, context);
        }
    }
    out + &format!(
        "\n{}\n",
        context.pick(
            "必須（*）は手順書の表の色が失われているため導出による",
            "mandatory (*) is derived: the colours of the procedure's table are lost"
        )
    )
}

/// One path: its legs, then the measures on it.
fn path(attack: &risk::Attack, context: &Context<'_>) -> String {
    let mut out = format!(
        "\n  → {} {} {}\n",
        attack.zone.get(context.lang),
        prey(attack.prey, context.lang),
        attack.example
    );
    for (i, leg) in attack.legs.iter().enumerate() {
        out += &format!("    {}\n", wording::leg(i, leg, context.lang));
    }
    for guard in &attack.guards {
        out += &format!("    {}\n", measure(guard, context.lang));
    }
    out
}

fn measure(guard: &Guard, lang: Lang) -> String {
    let star = if guard.mandatory { "*" } else { " " };
    let name = label(guard.control);
    let absent: Vec<&str> = guard.absent.iter().map(|(name, _)| name.as_str()).collect();
    let standing = if absent.is_empty() {
        let there: Vec<&str> = guard.present.iter().map(AsRef::as_ref).collect();
        let there = few(&there, lang);
        wording::pick(
            lang,
            format!("あり：{there}"),
            format!("in force on {there}"),
        )
    } else {
        let names = few(&absent, lang);
        wording::pick(lang, format!("なし：{names}"), format!("absent on {names}"))
    };
    format!("{star} {}  {standing}", name.get(lang))
}

/// The first of some names, and how many more there are; JSON has them all.
fn few(names: &[&str], lang: Lang) -> String {
    let (shown, more) = names.split_at(names.len().min(MOST_NAMES));
    let shown = shown.join(wording::pick(lang, "、", ", "));
    match more.len() {
        0 => shown,
        n => wording::pick(
            lang,
            format!("{shown} ほか{n}"),
            format!("{shown} and {n} more"),
        ),
    }
}

fn absent(attack: &risk::Attack, lang: Lang) -> String {
    let missing = attack.guards.iter().filter(|g| !g.absent.is_empty());
    let names: Vec<String> = missing
        .map(|g| {
            let star = if g.mandatory { "*" } else { "" };
            format!("{}{star}", label(g.control).get(lang))
        })
        .collect();
    match names.is_empty() {
        true => "–".to_owned(),
        false => names.join(wording::pick(lang, "、", ", ")),
    }
}

const fn prey(prey: Prey, lang: Lang) -> &'static str {
    let (ja, en) = match prey {
        Prey::Terminals => ("端末", "terminals"),
        Prey::Systems => ("業務システム", "systems"),
        Prey::Relays => ("中継装置", "relays"),
        Prey::Others => ("その他の機器", "other hosts"),
    };
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}
