//! `utsushi chart`: charts as SVG or PNG, each with its figures as CSV.

use crate::args::{Chart, Image};
use crate::engine;
use crate::failure::Failure;
use crate::files::{self, Folder};
use crate::names;
use crate::session::{Exit, Session, print};
use rayon::prelude::*;
use utsushi::annex::Entry;
use utsushi::figures::{self, Figure, Sheet};
use utsushi::model::migration::Migration;
use utsushi::model::report::CauseRow;
use utsushi::wording::Context;
use utsushi::{sim, viz};

/// Reads, runs, draws.
pub(super) fn run(args: &Chart, session: &Session) -> Result<Exit, Failure> {
    let progress = session.progress("シナリオを読んでいる", "reading the scenario");
    let ready = engine::load(&args.scenario)?;
    let states = names::steps(&ready.migration.states, args.only.step.as_ref())?;
    let mut folder = Folder::prepare(&args.out)?;
    progress.next("全状態を検査している", "checking every state");
    let mut report = engine::run(&ready.migration)?;
    let context = session.context(&report, &ready.migration);
    let wanted = wanted(args, &context, &states);
    report.causes = causes(&context, &ready.migration, &wanted);
    let context = session.context(&report, &ready.migration);
    progress.next("図を描いている", "drawing charts");
    let count = draw(&context, &wanted, &[args.format], &mut folder)?.len();
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
    context: &Context<'_>,
    wanted: &[(Figure, usize)],
    forms: &[Image],
    folder: &mut Folder,
) -> Result<Vec<Entry>, Failure> {
    let sheets = wanted
        .par_iter()
        .flat_map(|(figure, state)| figures::sheets(context, *figure, *state));
    let drawn = sheets.map(|sheet| Drawn::new(context, &sheet, forms));
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
