//! Whole charts, measured from outside: the same bytes twice and as committed, text inside the page and clear of other
//! text, a glyph for every character, a raster that differs from a blank page, and a CSV twin with every figure.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

#[path = "charts/annex.rs"]
mod annex;
#[path = "../examples/gallery/capacity.rs"]
mod capacity;
#[path = "../examples/gallery/all.rs"]
mod gallery;
#[path = "charts/lines.rs"]
mod lines;
#[path = "../examples/gallery/meeting.rs"]
mod meeting;
#[path = "../examples/gallery/samples.rs"]
mod samples;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use utsushi_viz::data::{Caption, HeatRow, Heatmap};
use utsushi_viz::{Chart, Lang, Options, Width, heatmap, picture, png, utilisation};

/// [`all`], made once.
static ALL: LazyLock<Vec<(String, Chart, Width)>> = LazyLock::new(all);

/// Every sample in every language and width, with a name.
fn all() -> Vec<(String, Chart, Width)> {
    let mut charts = Vec::new();
    for (lang, code) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        for (options, width) in [(Options::half(lang), "half"), (Options::full(lang), "full")] {
            for (name, chart) in gallery::all(&options).unwrap() {
                charts.push((format!("{name}-{code}-{width}"), chart, options.width));
            }
        }
    }
    charts
}

/// FNV-1a, 64 bits: enough to notice a changed byte.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Compares with a file of `tests/expected`, or writes it when `UTSUSHI_BLESS` is set.
fn golden(name: &str, actual: &str) {
    let path = format!("{}/tests/expected/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UTSUSHI_BLESS").is_some() {
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        expected, actual,
        "{name} has changed: look at the charts (`cargo run -p utsushi-viz --example gallery -- out/gallery`), then bless"
    );
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (first, second) = (&*ALL, all());
    let mut lines = String::new();
    for ((name, one, _), (_, two, _)) in first.iter().zip(&second) {
        assert_eq!(one, two, "{name}");
        lines += &format!(
            "{name} svg {:016x} csv {:016x}\n",
            fingerprint(one.svg.as_bytes()),
            fingerprint(one.csv.as_bytes())
        );
    }
    golden("fingerprints.txt", &lines);
}

#[test]
fn a_small_chart_is_as_committed() {
    let mut hours = [0.1; 24];
    hours[9..12].copy_from_slice(&[0.85, 1.44, 0.6]);
    let row = HeatRow {
        label: "A".into(),
        detail: String::new(),
        threshold: 0.8,
        hours,
    };
    let figure = Heatmap {
        caption: Caption {
            title: "A".into(),
            ..Caption::default()
        },
        office_hours: 8..18,
        top: 1,
        rows: vec![row],
    };
    let chart = heatmap(&figure, &Options::half(Lang::En)).unwrap();
    golden("small-heatmap.svg", &chart.svg);
    golden("small-heatmap.csv", &chart.csv);
}

#[test]
fn text_stays_inside_the_page_clear_of_other_text_and_large_enough() {
    for (name, chart, width) in &*ALL {
        assert!(lines::lines(&chart.svg).len() > 20, "{name} has text");
        lines::assert_legible(name, chart, *width);
    }
}

#[test]
fn every_character_of_the_samples_has_a_glyph_and_a_strange_one_is_named() {
    for (name, chart, _) in &*ALL {
        assert_eq!(chart.missing, [], "{name}");
    }
    let mut figure = samples::heatmap(Lang::Ja);
    figure.rows[0].label = "𠮷野町😀".into();
    let chart = heatmap(&figure, &Options::half(Lang::Ja)).unwrap();
    assert_eq!(chart.missing, ['😀', '𠮷']);
    assert!(
        chart.svg.contains("aria-label=\"𠮷野町😀") && chart.svg.contains("#m0"),
        "drawn as a crossed box, still readable by machines"
    );
}

type Opened<'b> = png::Reader<std::io::Cursor<&'b [u8]>>;

/// A picture of which pixels are read as red, green and blue.
fn opened(bytes: &[u8]) -> Opened<'_> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    decoder.read_info().unwrap()
}

fn pixels(reader: &mut Opened<'_>) -> Vec<u8> {
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    pixels
}

#[test]
fn the_raster_shows_the_chart_at_300_dots_per_inch() {
    let chart = heatmap(&samples::heatmap(Lang::Ja), &Options::half(Lang::Ja)).unwrap();
    let bytes = png(&chart).unwrap();
    assert_eq!(bytes, png(&chart).unwrap(), "the same bytes twice");
    let mut reader = opened(&bytes);
    let density = reader.info().pixel_dims.unwrap();
    assert_eq!(
        (reader.info().width, density.xppu, density.yppu),
        (1004, 11_811, 11_811),
        "85 mm at 300 per inch"
    );
    let mut colours: BTreeMap<[u8; 3], usize> = BTreeMap::new();
    let pixels = pixels(&mut reader);
    pixels
        .chunks_exact(3)
        .for_each(|p| *colours.entry([p[0], p[1], p[2]]).or_default() += 1);
    for wanted in [[0, 0, 0], [255, 255, 255], [184, 58, 0], [74, 152, 201]] {
        assert!(
            colours.get(&wanted).is_some_and(|count| *count > 500),
            "colour {wanted:?} is there"
        );
    }
}

#[test]
fn the_csv_twin_holds_every_figure() {
    let figure = samples::utilisation(Lang::Ja);
    let chart = utilisation(&figure, &Options::half(Lang::Ja)).unwrap();
    let cells = figure
        .resources
        .iter()
        .flat_map(|row| row.loads.iter().flatten());
    let expected: usize = cells.map(|load| 1 + load.parts.len()).sum();
    assert_eq!(chart.csv.lines().count(), 1 + expected);
    assert!(chart.csv.contains("2 旧LGWAN系を読み替え,セキュリティクラウド接続回線,,,,,1.4400,0.8000,over_capacity,10時\r\n"), "{}", chart.csv);
    let figure = samples::heatmap(Lang::En);
    let chart = heatmap(&figure, &Options::half(Lang::En)).unwrap();
    assert_eq!(
        chart.csv.lines().count(),
        1 + figure.rows.len() * 24,
        "all rows, also those not drawn"
    );
    let figure = samples::picture(Lang::En);
    let chart = picture(&figure, &Options::half(Lang::En)).unwrap();
    assert_eq!(
        chart.csv.lines().count(),
        1 + figure.nodes.len() + figure.links.len()
    );
}

#[test]
fn a_breach_shows_in_figures_and_frames_a_fit_does_not() {
    let mut figure = samples::utilisation(Lang::En);
    let drawn = |figure: &_| utilisation(figure, &Options::half(Lang::En)).unwrap().svg;
    assert!(drawn(&figure).contains("#b83a00") && drawn(&figure).contains("aria-label=\"144%\""));
    figure
        .resources
        .iter_mut()
        .flat_map(|row| row.loads.iter_mut().flatten())
        .for_each(|load| {
            load.utilisation *= 0.1;
            load.parts.iter_mut().for_each(|part| *part *= 0.1);
        });
    assert!(
        !drawn(&figure).contains("#b83a00"),
        "red is for breaches alone"
    );
}

#[test]
fn mistakes_are_named() {
    use utsushi_viz::VizError;
    let options = Options::half(Lang::En);
    let mut figure = samples::picture(Lang::En);
    figure.links[0].b = "nowhere".into();
    assert_eq!(
        picture(&figure, &options),
        Err(VizError::UnknownNode(
            "sc-gw―internet".into(),
            "nowhere".into()
        ))
    );
    let mut figure = samples::picture(Lang::En);
    figure.nodes[0].zone = Some("nowhere".into());
    assert_eq!(
        picture(&figure, &options),
        Err(VizError::UnknownZone("internet".into(), "nowhere".into()))
    );
    let mut figure = samples::picture(Lang::En);
    figure.nodes[1].id = "internet".into();
    assert_eq!(
        picture(&figure, &options),
        Err(VizError::DuplicateId("internet".into()))
    );
    let mut figure = samples::utilisation(Lang::En);
    figure.resources[3].loads.pop();
    assert_eq!(
        utilisation(&figure, &options),
        Err(VizError::Ragged("NAT ports".into()))
    );
}

#[test]
fn empty_figures_are_drawn_empty() {
    let options = Options::half(Lang::Ja);
    assert!(utilisation(&utsushi_viz::data::Utilisation::default(), &options).is_ok());
    assert!(heatmap(&Heatmap::default(), &options).is_ok());
    assert!(picture(&utsushi_viz::data::Picture::default(), &options).is_ok());
}
