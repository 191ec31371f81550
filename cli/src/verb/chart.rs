//! `utsushi chart`: charts as SVG or PNG, each with its figures as CSV.

use crate::args::{Chart, Figure, Image};
use crate::engine;
use crate::failure::Failure;
use crate::files::Folder;
use crate::names;
use crate::session::{Exit, Session, print};
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
/// others are one for each state.
pub(super) fn draw(
    context: &Context<'_>,
    states: &[usize],
    figures: &[Figure],
    forms: &[Image],
    folder: &mut Folder,
) -> Result<usize, Failure> {
    let lang = context.lang;
    let (half, full) = (viz::Options::half(lang), viz::Options::full(lang));
    let mut count = 0;
    for figure in figures {
        let each: Vec<Option<usize>> = match figure {
            Figure::Utilisation => vec![None],
            Figure::Heatmap | Figure::Picture => states.iter().copied().map(Some).collect(),
        };
        for state in each {
            let at = state.unwrap_or_default();
            let chart = match figure {
                Figure::Utilisation => viz::utilisation(&figures::utilisation(context), &half),
                Figure::Heatmap => viz::heatmap(&figures::heatmap(context, at), &half),
                Figure::Picture => viz::picture(&figures::picture(context, at), &full),
            };
            let chart = chart.map_err(|error| engine::undrawn(&error))?;
            write(&chart, &name(context, &chart, state), forms, folder)?;
            count += 1;
        }
    }
    Ok(count)
}

fn write(
    chart: &viz::Chart,
    name: &str,
    forms: &[Image],
    folder: &mut Folder,
) -> Result<(), Failure> {
    for form in forms {
        match form {
            Image::Svg => folder.add(&format!("{name}.svg"), chart.svg.as_bytes())?,
            Image::Png => folder.add(&format!("{name}.png"), &engine::png(chart)?)?,
        }
    }
    folder.add(&format!("{name}.csv"), chart.csv.as_bytes())
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
