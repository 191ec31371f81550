//! The colours of a picture as a palette. In: opaque pixels. Out: at most 256 colours, and for each pixel which one it
//! has. A chart has few flat colours and, where letters and lines have edges, shades between them; beyond 256 the
//! rarest shades become the nearest colour that is kept.

use rustc_hash::FxHashMap;

/// Red, green and blue.
pub type Rgb = [u8; 3];

/// So many colours a PNG with a palette holds.
const MOST: usize = 256;

/// A picture in the colours of a palette.
#[derive(Debug, PartialEq, Eq)]
pub struct Indexed {
    /// The most frequent first.
    pub palette: Vec<Rgb>,
    /// For each pixel a position in the palette.
    pub pixels: Vec<u8>,
}

impl Indexed {
    /// The colours of a picture, whose pixels have four bytes each, the last of which is not looked at.
    pub fn new(rgba: &[u8]) -> Self {
        let mut counts: FxHashMap<Rgb, usize> = FxHashMap::default();
        for run in rgba.as_chunks::<4>().0.chunk_by(|a, b| a == b) {
            *counts.entry(rgb(&run[0])).or_default() += run.len();
        }
        let mut palette: Vec<(Rgb, usize)> = counts.into_iter().collect();
        palette.sort_unstable_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
        let all: Vec<Rgb> = palette.into_iter().map(|(colour, _)| colour).collect();
        let palette = all[..all.len().min(MOST)].to_vec();
        let kept = palette.iter().copied().zip(0..=u8::MAX);
        let rare = all[palette.len()..].iter();
        let rare = rare.map(|colour| (*colour, nearest(&palette, *colour)));
        let places: FxHashMap<Rgb, u8> = kept.chain(rare).collect();
        let mut pixels = Vec::with_capacity(rgba.len() / 4);
        for run in rgba.as_chunks::<4>().0.chunk_by(|a, b| a == b) {
            let place = places.get(&rgb(&run[0])).copied().unwrap_or_default();
            pixels.resize(pixels.len() + run.len(), place);
        }
        Self { palette, pixels }
    }
}

fn rgb(pixel: &[u8; 4]) -> Rgb {
    [pixel[0], pixel[1], pixel[2]]
}

/// The position of the nearest colour; of several the first.
fn nearest(palette: &[Rgb], colour: Rgb) -> u8 {
    let far = |other: &Rgb| -> u32 {
        let parts = other.iter().zip(colour);
        parts.map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
    };
    let places = (0..=u8::MAX).zip(palette.iter().map(far));
    places.min_by_key(|(_, far)| *far).map_or(0, |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::{Indexed, Rgb};

    fn picture(colours: impl IntoIterator<Item = Rgb>) -> Vec<u8> {
        let pixel = |[r, g, b]: Rgb| [r, g, b, 255];
        colours.into_iter().flat_map(pixel).collect()
    }

    fn back(indexed: &Indexed) -> Vec<Rgb> {
        let colour = |at: &u8| indexed.palette[usize::from(*at)];
        indexed.pixels.iter().map(colour).collect()
    }

    #[test]
    fn few_colours_stay_as_they_are() {
        let colours: Vec<Rgb> = (0..=255).map(|i| [i, 7, 255 - i]).collect();
        assert_eq!(back(&Indexed::new(&picture(colours.clone()))), colours);
    }

    #[test]
    fn of_many_the_rarest_become_the_nearest() {
        let flat: Vec<Rgb> = (0..=255).flat_map(|i| [[i, i, i]; 2]).collect();
        let rare: Vec<Rgb> = vec![[10, 10, 11], [200, 199, 200]];
        let all = Indexed::new(&picture(flat.iter().chain(&rare).copied()));
        let found = back(&all);
        assert_eq!(all.palette.len(), 256);
        assert_eq!(found[..512], flat);
        assert_eq!(found[512..], [[10, 10, 10], [200, 200, 200]]);
    }

    #[test]
    fn nothing_has_no_colours() {
        assert_eq!(
            Indexed::new(&[]),
            Indexed {
                palette: vec![],
                pixels: vec![]
            }
        );
    }
}
