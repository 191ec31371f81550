//! `utsushi chart`: charts as SVG or PNG, each with its figures as CSV.

use crate::args::{Chart, Figure, Image};
use crate::engine;
use crate::failure::Failure;
use crate::files::Folder;
use crate::names;
use crate::session::{Exit, Session, print};
use rayon::prelude::*;
use utsushi::wording::Context;
use utsushi::{figures, viz};

/// Reads, runs, draws.
pub(super) fn run(args: &Chart, session: &Session) -> Result<Exit, Failure> {
    let progress = session.progress("シナリオを読んでいる", "reading the scenario");
    let ready = engine::load(&args.scenario)?;
    let states = names::steps(&ready.migration.states, args.step.as_ref())?;
    let mut folder = Folder::prepare(&args.out)?;
    progress.next("全状態を検査している", "checking every state");
    let report = engine::run(&ready.migration)?;
    let context = session.context(&report, &ready.migration);
    progress.next("図を描いている", "drawing charts");
    let all = [Figure::Utilisation, Figure::Heatmap, Figure::Picture];
    let figures: Vec<_> = all
        .into_iter()
        .filter(|f| args.figure.is_none_or(|asked| asked == *f))
        .collect();
    let count = draw(&context, &states, &figures, &[args.format], &mut folder)?;
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

/// Draws charts into a folder; how many there are. The utilisation chart is one for the whole plan, the
/// others are one for each state. They are drawn side by side and written in order.
pub(super) fn draw(
    context: &Context<'_>,
    states: &[usize],
    figures: &[Figure],
    forms: &[Image],
    folder: &mut Folder,
) -> Result<usize, Failure> {
    let each = |figure: &Figure| -> Vec<(Figure, Option<usize>)> {
        match figure {
            Figure::Utilisation => vec![(*figure, None)],
            Figure::Heatmap | Figure::Picture => {
                states.iter().map(|state| (*figure, Some(*state))).collect()
            }
        }
    };
    let wanted: Vec<_> = figures.iter().flat_map(each).collect();
    let drawn = wanted
        .par_iter()
        .map(|(figure, state)| files(context, *figure, *state, forms));
    let drawn: Vec<Vec<(String, Vec<u8>)>> = drawn.collect::<Result<_, _>>()?;
    for (name, bytes) in drawn.iter().flatten() {
        folder.add(name, bytes)?;
    }
    Ok(wanted.len())
}

/// The files of one chart: every form asked for, and its figures.
fn files(
    context: &Context<'_>,
    figure: Figure,
    state: Option<usize>,
    forms: &[Image],
) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let (half, full) = (
        viz::Options::half(context.lang),
        viz::Options::full(context.lang),
    );
    let at = state.unwrap_or_default();
    let chart = match figure {
        Figure::Utilisation => viz::utilisation(&figures::utilisation(context), &half),
        Figure::Heatmap => viz::heatmap(&figures::heatmap(context, at), &half),
        Figure::Picture => viz::picture(&figures::picture(context, at), &full),
    };
    let chart = chart.map_err(|error| engine::undrawn(&error))?;
    let name = name(context, &chart, state);
    let mut files = Vec::new();
    for form in forms {
        files.push(match form {
            Image::Svg => (format!("{name}.svg"), chart.svg.clone().into_bytes()),
            Image::Png => (format!("{name}.png"), engine::png(&chart)?),
        });
    }
    files.push((format!("{name}.csv"), chart.csv.into_bytes()));
    Ok(files)
}

/// The name of a chart's files: `utilisation`, or `heatmap-step2` by the step's id. An id that would make a
/// strange file name gives way to the index of the state.
fn name(context: &Context<'_>, chart: &viz::Chart, state: Option<usize>) -> String {
    let Some(index) = state else {
        return chart.name.to_owned();
    };
    let id = context
        .report
        .states
        .get(index)
        .map_or("", |state| state.step.as_str());
    let plain = !id.is_empty()
        && id
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if plain {
        format!("{}-step{id}", chart.name)
    } else {
        format!("{}-state{index}", chart.name)
    }
}
