//! Writes every chart of the samples, in both languages and widths, as SVG, PNG and CSV into a folder.
//!
//! `cargo run -p utsushi-viz --example gallery -- FOLDER [WORD]`: for people who change a chart and want to look at it;
//! with a word, only charts that have it in their name (`gate-ja`) are written.

mod all;
mod capacity;
mod meeting;
mod samples;

use std::path::Path;

use utsushi_viz::{Chart, Lang, Options, png};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder")?;
    let word = std::env::args().nth(2).unwrap_or_default();
    std::fs::create_dir_all(&folder)?;
    for (lang, code) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        for (options, width) in [(Options::half(lang), "half"), (Options::full(lang), "full")] {
            for (name, chart) in all::all(&options)? {
                let name = format!("{name}-{code}-{width}");
                if name.contains(&word) {
                    save(&Path::new(&folder).join(name), &chart)?;
                }
            }
        }
    }
    Ok(())
}

fn save(path: &Path, chart: &Chart) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::write(path.with_extension("svg"), &chart.svg)?;
    std::fs::write(path.with_extension("csv"), &chart.csv)?;
    std::fs::write(path.with_extension("png"), png(chart)?)?;
    Ok(())
}
