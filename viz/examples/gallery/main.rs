//! Writes every chart of the samples, in both languages and widths, as SVG, PNG and CSV into a folder.
//!
//! `cargo run -p utsushi-viz --example gallery -- FOLDER`: for people who change a chart and want to look at it.

mod samples;

use std::path::Path;

use utsushi_viz::{Chart, Lang, Options, heatmap, picture, png, utilisation};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder")?;
    std::fs::create_dir_all(&folder)?;
    for (lang, code) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        for (options, width) in [(Options::half(lang), "half"), (Options::full(lang), "full")] {
            let save = |chart: Chart| save(Path::new(&folder), &chart, &format!("{code}-{width}"));
            save(utilisation(&samples::utilisation(lang), &options)?)?;
            save(heatmap(&samples::heatmap(lang), &options)?)?;
            save(picture(&samples::picture(lang), &options)?)?;
        }
    }
    Ok(())
}

fn save(folder: &Path, chart: &Chart, suffix: &str) -> Result<(), Box<dyn std::error::Error>> {
    let path = |ending: &str| folder.join(format!("{}-{suffix}.{ending}", chart.name));
    std::fs::write(path("svg"), &chart.svg)?;
    std::fs::write(path("csv"), &chart.csv)?;
    std::fs::write(path("png"), png(chart)?)?;
    Ok(())
}
