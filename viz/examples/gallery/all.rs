//! Every sample as a chart. In: language and width. Out: a name for each, and the chart.

use utsushi_viz::{
    Chart, Options, VizError, answers, duration, gate, headroom, heatmap, picture, pools,
    utilisation, waterfall,
};

use crate::{capacity, meeting, samples};

/// Draws all samples.
pub fn all(options: &Options) -> Result<Vec<(&'static str, Chart)>, VizError> {
    let lang = options.lang;
    Ok(vec![
        (
            "utilisation",
            utilisation(&samples::utilisation(lang), options)?,
        ),
        ("heatmap", heatmap(&samples::heatmap(lang), options)?),
        ("picture", picture(&samples::picture(lang), options)?),
        (
            "utilisation-growth",
            utilisation(&capacity::growth(lang), options)?,
        ),
        ("headroom", headroom(&capacity::headroom(lang), options)?),
        ("duration", duration(&capacity::duration(lang), options)?),
        ("waterfall", waterfall(&capacity::waterfall(lang), options)?),
        ("pools", pools(&capacity::pools(lang), options)?),
        ("gate", gate(&meeting::gate(lang), options)?),
        ("answers", answers(&capacity::answers(lang), options)?),
    ])
}
