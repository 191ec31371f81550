//! The entries of `fuzz/` without libFuzzer: a corpus, and bytes of it changed at random.
//!
//! In: the dumps in `import/`, a scenario of the library, and `UTSUSHI_FUZZ_ROUNDS` (how many changed
//! texts each entry is given; 400 if it is not set). Out: nothing; a panic is a crash. What is imported is
//! also written and read again. The same rounds give the same texts, so a crash comes back by its round.

#![expect(clippy::expect_used, reason = "a test tells what failed by panicking")]

use utsushi_scenarios::import::{Given, iptables};
use utsushi_scenarios::{Memory, load_from};

const DUMPS: [&[u8]; 3] = [
    include_bytes!("import/city-hall.rules"),
    include_bytes!("import/city-hall.v6.rules"),
    include_bytes!("import/docker.rules"),
];
const SCENARIO: &[u8] = include_bytes!("../library/alpha/scenario.ron");

/// What means something to one of the formats.
const WORDS: [&str; 40] = [
    "-A FORWARD ",
    "-j ",
    "-g ",
    "-m ",
    "! ",
    "--dport ",
    "--ports ",
    "0:65535",
    ":0",
    "65535",
    "65536",
    "-1",
    "\"",
    "\\",
    "'",
    "\n",
    "\r\n",
    "COMMIT\n",
    "*filter\n",
    "*nat\n",
    ":X - [0:0]\n",
    "-s 0.0.0.0/0",
    "/255.0.255.0",
    "::/0",
    "::ffff:0:0/95",
    "-i +",
    "1.2.3.4-1.2.3.3",
    "--to-destination 0.0.0.0-255.255.255.255",
    "--to 10.0.0.0/8 -j NETMAP",
    "(",
    ")",
    "[",
    "]",
    "//",
    "\u{30bd}",
    "\u{feff}",
    "name: \"",
    "Jump(name: \"j\", chain: \"j\")",
    "{0..=9}",
    "not: [In, Out]",
];

/// Numbers that look random (Steele and Vigna 2021).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(1);
        usize::try_from(self.0 >> 33).expect("31 bits") % most.max(1)
    }
}

/// A text with a few changes: bytes, words, pieces doubled, moved or taken away, an end cut off.
fn changed(seed: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut out = seed.to_vec();
    for _ in 0..=dice.below(6) {
        let at = dice.below(out.len() + 1);
        let end = (at + dice.below(40)).min(out.len());
        match dice.below(8) {
            0 if at < out.len() => out[at] = u8::try_from(dice.below(256)).expect("a byte"),
            1 if at < out.len() => out[at] ^= 1 << dice.below(8),
            2 => drop(out.drain(at..end)),
            3 => {
                let piece = out[at..end].to_vec();
                let to = dice.below(out.len() + 1);
                out.splice(to..to, piece);
            }
            4 if dice.below(10) == 0 => out.truncate(at),
            5 => {
                let piece = out[at..end].repeat(1 + dice.below(30));
                out.splice(at..end, piece);
            }
            _ => {
                let word = WORDS[dice.below(WORDS.len())];
                out.splice(at..at, word.bytes());
            }
        }
    }
    out
}

fn rounds() -> usize {
    let set = std::env::var("UTSUSHI_FUZZ_ROUNDS");
    set.ok().and_then(|n| n.parse().ok()).unwrap_or(400)
}

/// Around an imported node, so that what is written is read.
const AROUND: &str = "(title: \"t\", start: (date: \"2023-07-01\", model: Alpha), include: [\"fw.ron\"],\n\
    zones: [(name: \"z\", role: Internet)], sites: [(name: \"hq\", kind: Headquarters)])";

#[test]
fn dumps_after_changes_are_devices_or_problems() {
    let mut read = 0;
    for round in 0..rounds() {
        let mut dice = Dice(2 * round as u64 + 1);
        let bytes = changed(DUMPS[round % DUMPS.len()], &mut dice);
        let Ok(imported) = iptables(&[("fuzz.rules", &bytes)], &Given::default()) else {
            continue;
        };
        read += 1;
        let ron = imported.ron("fw", "hq", &["fuzz".to_owned()]);
        let files = Memory::new([("scenario.ron", AROUND), ("fw.ron", ron.as_str())]);
        // Interfaces are not connected here; anything else that is wrong is ours.
        for problem in load_from(&files, "scenario.ron")
            .err()
            .iter()
            .flat_map(|f| &f.problems)
        {
            assert_eq!(
                problem.code.as_str(),
                "SCN-016",
                "round {round}: {} {}\n{ron}",
                problem.place,
                problem.message.en
            );
        }
    }
    assert!(
        read > rounds() / 20,
        "only {read} dumps of {} were read",
        rounds()
    );
}

#[test]
fn scenarios_after_changes_are_migrations_or_problems() {
    for round in 0..rounds() {
        let mut dice = Dice(2 * round as u64 + 1);
        let text = String::from_utf8_lossy(&changed(SCENARIO, &mut dice)).into_owned();
        let _ = load_from(
            &Memory::new([("scenario.ron", text.as_str())]),
            "scenario.ron",
        );
    }
}
