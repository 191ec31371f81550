//! `utsushi chart`: charts as SVG or PNG, each with its figures as CSV.

use crate::args::{Chart, Image};
use crate::engine;
use crate::failure::Failure;
use crate::files::{self, Folder};
use crate::names;
use crate::session::{Exit, Session, print};
use rayon::prelude::*;
use utsushi::annex::Entry;
use utsushi::figures::{self, Figure, Later, Sheet, View};
use utsushi::model::finding::Finding;
use utsushi::model::migration::Migration;
use utsushi::model::report::{CauseRow, Report};
use utsushi::sim::replay::Failures;
use utsushi::wording::Context;
use utsushi::{sim, viz};

/// Reads, runs, draws.
pub(super) fn run(args: &Chart, session: &Session) -> Result<Exit, Failure> {
    grows(args)?;
    let progress = session.progress("シナリオを読んでいる", "reading the scenario");
    let ready = engine::load(&args.scenario)?;
    let states = names::steps(&ready.migration.states, args.only.step.as_ref())?;
    let mut folder = Folder::prepare(&args.out)?;
    progress.next(
        "全状態の負荷を計算している",
        "computing the loads of every state",
    );
    // No chart tells anything of isolation, so nothing is proved.
    let days = &ready.migration.requirements.days;
    let mut report = sim::run::capacity(&ready.migration, Failures::Single, days, 0);
    let context = session.context(&report, &ready.migration);
    let wanted = wanted(args, &context, &states);
    report.causes = causes(&context, &ready.migration, &wanted);
    let asked = args
        .only
        .step
        .is_some()
        .then(|| of_states(&report, &states));
    let later = later(args, &ready.migration, &states);
    let view = View {
        whole: session.context(&report, &ready.migration),
        asked: session.context(asked.as_ref().unwrap_or(&report), &ready.migration),
        later: later.as_ref(),
    };
    progress.next("図を描いている", "drawing charts");
    let count = draw(&view, &wanted, &[args.format], &mut folder)?.len();
    if count == 0 {
        folder.discard();
        return Err(nothing(args.figure, &states));
    }
    folder.publish()?;
    drop(progress);
    let dir = args.out.display();
    print(&session.pick(
        format!("図{count}点を {dir} に出力した\n"),
        format!(
            "wrote {count} chart{} to {dir}\n",
            if count == 1 { "" } else { "s" }
        ),
    ));
    Ok(Exit::Clean)
}

/// Years of growth show in one chart alone.
fn grows(args: &Chart) -> Result<(), Failure> {
    match args.figure {
        None | Some(Figure::Utilisation) => Ok(()),
        Some(_) if args.years == 0 => Ok(()),
        Some(_) => Err(Failure::asked(
            "`--years` の列があるのは使用率の図だけ",
            "`--years` adds a column to the chart of utilisation alone",
        )
        .help(
            "`--figure utilisation` とするか、`--figure` を外す",
            "ask for `--figure utilisation`, or leave `--figure` out",
        )),
    }
}

/// A report with what it says of some states alone. The states themselves stay: rows name them by their place.
fn of_states(report: &Report, states: &[usize]) -> Report {
    let mut cut = report.clone();
    cut.loads.retain(|row| states.contains(&row.state));
    cut.gates.retain(|row| states.contains(&row.state));
    cut.outages.retain(|row| states.contains(&row.state));
    cut.causes.retain(|row| states.contains(&row.state));
    let shows = |f: &Finding| {
        states
            .iter()
            .any(|state| (f.first..=f.last).contains(state))
    };
    cut.findings.retain(shows);
    cut
}

/// The last of some states so many years on, where that was asked.
fn later(args: &Chart, migration: &Migration, states: &[usize]) -> Option<Later> {
    let state = *states.last()?;
    (args.years > 0).then(|| {
        let report = sim::run::capacity(migration, Failures::None, &[], args.years);
        let loads = report.loads.into_iter();
        Later {
            years: args.years,
            state,
            loads: loads.filter(|row| row.state == state).collect(),
        }
    })
}

/// Why there is no chart of what was asked for.
fn nothing(figure: Option<Figure>, states: &[usize]) -> Failure {
    let (ja, en) = match figure {
        Some(Figure::Waterfall) if states == [0] => (
            "ステップ `0` は現状であり、需要の増減を比べる前の状態がない",
            "step `0` is today: there is no state before it to compare demands with",
        ),
        Some(Figure::Waterfall) => (
            "対象のステップでは、どの資源も判定が変わらず、需要も増えない",
            "no step asked for changes the verdict on a resource, and no demand grows",
        ),
        _ => (
            "対象の状態には、Web会議などの会話をする拠点がない",
            "in the states asked for there is no site at which people talk",
        ),
    };
    Failure::asked(
        format!("描く図がない：{ja}"),
        format!("there is no chart to draw: {en}"),
    )
}

/// What changes the loads of which there will be a waterfall.
pub(super) fn causes(
    context: &Context<'_>,
    migration: &Migration,
    wanted: &[(Figure, usize)],
) -> Vec<CauseRow> {
    let states = wanted.par_iter().filter(|(f, _)| *f == Figure::Waterfall);
    let of_state = |(_, state): &(Figure, usize)| {
        let resources = figures::explained(context, *state);
        sim::causes::causes(migration, *state, &resources)
    };
    states.flat_map_iter(of_state).collect()
}

/// What was asked for: one kind or every kind of the states asked for; else what matters of them.
fn wanted(args: &Chart, context: &Context<'_>, states: &[usize]) -> Vec<(Figure, usize)> {
    match (args.figure, args.all) {
        (Some(figure), _) => figures::all(&[figure], states),
        (None, true) => figures::all(Figure::ALL, states),
        (None, false) => {
            let mut matter = figures::that_matter(context);
            matter.retain(|(figure, state)| !figure.by_state() || states.contains(state));
            matter
        }
    }
}

/// Draws charts into a folder, each kind of a state with all that belongs to it; what there is now. They are drawn side by
/// side and written in order.
pub(super) fn draw(
    view: &View<'_>,
    wanted: &[(Figure, usize)],
    forms: &[Image],
    folder: &mut Folder,
) -> Result<Vec<Entry>, Failure> {
    let sheets = wanted
        .par_iter()
        .flat_map(|(figure, state)| figures::sheets(view, *figure, *state));
    let drawn = sheets.map(|sheet| Drawn::new(&view.whole, &sheet, forms));
    let drawn: Vec<Drawn> = drawn.collect::<Result<_, _>>()?;
    for (name, bytes) in drawn.iter().flat_map(|drawn| &drawn.files) {
        folder.add(name, bytes)?;
    }
    Ok(drawn.into_iter().map(|drawn| drawn.entry).collect())
}

/// A chart with its files.
struct Drawn {
    entry: Entry,
    files: Vec<(String, Vec<u8>)>,
}

impl Drawn {
    /// Every form asked for, and the figures.
    fn new(context: &Context<'_>, sheet: &Sheet, forms: &[Image]) -> Result<Self, Failure> {
        let chart = sheet.drawing.draw(&viz::Options::half(context.lang));
        let chart = chart.map_err(|error| engine::undrawn(&error))?;
        let name = sheet.name(context, &chart);
        let mut all = Vec::new();
        for form in forms {
            all.push(match form {
                Image::Svg => (format!("{name}.svg"), chart.svg.clone().into_bytes()),
                Image::Png => (format!("{name}.png"), engine::png(&chart)?),
            });
        }
        all.push((format!("{name}.csv"), files::sheet(&chart.csv).into_bytes()));
        let entry = Entry {
            figure: sheet.figure,
            name,
            caption: sheet.drawing.caption().clone(),
            sees: sheet.drawing.sees(context),
        };
        Ok(Self { entry, files: all })
    }
}
