//! One value of a key: a [`Setting`], read from its text.
//!
//! Goes in: a key and a text such as `8000`, `30 %`, `1 Gbps`. Comes out: a typed setting; or, in both languages, what
//! would have been understood.

use super::key::{Key, OfApplication, OfLink, OfNode};
use utsushi_model::circumstance::DayType;
use utsushi_model::demand::ApplicationId;
use utsushi_model::network::{LinkId, NodeId};
use utsushi_model::text::Text;
use utsushi_model::units::{BitRate, Seats, Sessions, Share};

/// One thing that is otherwise.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    /// So many general business terminals today.
    Terminals(u32),
    /// So many years of growth.
    Years(u32),
    /// That kind of day.
    Day(DayType),
    /// So much growth per year of every application: 0.1 is ten per cent.
    Growth(f64),
    /// That share of what breaks out keeps doing so.
    Breakout(Share),
    /// That share stays in the house; `None`: as the plan says.
    Nearby(Option<Share>),
    /// Rate of one member of a link.
    Rate(LinkId, BitRate),
    /// Parallel members of a link.
    Members(LinkId, u32),
    /// Concurrent sessions of a node, or of one machine of a proxy.
    Sessions(NodeId, Sessions),
    /// Throughput of a node.
    Throughput(NodeId, BitRate),
    /// Machines of a proxy.
    Units(NodeId, u32),
    /// Seats of a screen-transfer relay.
    Seats(NodeId, Seats),
    /// Global addresses.
    Addresses(NodeId, u32),
    /// Workers of a sanitiser.
    Workers(NodeId, u32),
    /// Share that is active at once.
    Active(ApplicationId, Share),
    /// Volumes as a multiple of those written.
    Times(ApplicationId, f64),
    /// Rate towards an active user.
    Down(ApplicationId, BitRate),
}

/// The most of anything that is counted.
const MOST_COUNTED: u32 = 100_000_000;

/// The most years of growth.
const MOST_YEARS: u32 = 50;

/// The setting that a text means.
pub(super) fn read(key: &Key, text: &str) -> Result<Setting, Text> {
    let wrong = || expected(key);
    let count = || count(text, 1, MOST_COUNTED).ok_or_else(wrong);
    let share = || text.parse::<Share>().map_err(|_| wrong());
    Ok(match key {
        Key::Terminals => Setting::Terminals(count()?),
        Key::Years => Setting::Years(self::count(text, 0, MOST_YEARS).ok_or_else(wrong)?),
        Key::Day => Setting::Day(day(text).ok_or_else(wrong)?),
        Key::Growth => Setting::Growth(growth(text).ok_or_else(wrong)?),
        Key::Breakout => Setting::Breakout(share()?),
        Key::Nearby => Setting::Nearby(match text {
            "on" => None,
            "off" => Some(Share::default()),
            _ => Some(share()?),
        }),
        Key::Link(id, OfLink::Rate) => Setting::Rate(id.clone(), rate(text).ok_or_else(wrong)?),
        Key::Link(id, OfLink::Members) => Setting::Members(id.clone(), count()?),
        Key::Node(id, of) => {
            let id = id.clone();
            match of {
                OfNode::Sessions | OfNode::SessionsOfOne => {
                    Setting::Sessions(id, Sessions::new(f64::from(count()?)))
                }
                OfNode::Throughput => Setting::Throughput(id, rate(text).ok_or_else(wrong)?),
                OfNode::Units => Setting::Units(id, count()?),
                OfNode::Seats => Setting::Seats(id, Seats::new(f64::from(count()?))),
                OfNode::Addresses => Setting::Addresses(id, count()?),
                OfNode::Workers => Setting::Workers(id, count()?),
            }
        }
        Key::Application(id, OfApplication::Active) => Setting::Active(id.clone(), share()?),
        Key::Application(id, OfApplication::Times) => {
            Setting::Times(id.clone(), times(text).ok_or_else(wrong)?)
        }
        Key::Application(id, OfApplication::Down) => {
            Setting::Down(id.clone(), rate(text).ok_or_else(wrong)?)
        }
    })
}

/// A whole number. Leading noughts are refused: in `8,000` the comma divides two values, of which the second would be 0.
fn count(text: &str, least: u32, most: u32) -> Option<u32> {
    let padded = text.len() > 1 && text.starts_with('0');
    let digits = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '_');
    let number: u32 = text.replace('_', "").parse().ok()?;
    (digits && !padded && (least..=most).contains(&number)).then_some(number)
}

fn rate(text: &str) -> Option<BitRate> {
    let rate: BitRate = text.parse().ok()?;
    (rate > BitRate::ZERO).then_some(rate)
}

fn number(text: &str) -> Option<f64> {
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    if !text.chars().all(plain) {
        return None;
    }
    text.replace('_', "").parse().ok()
}

fn times(text: &str) -> Option<f64> {
    number(text).filter(|n| (0.0..=1000.0).contains(n))
}

/// `10 %`; use may also shrink, but not to less than nothing.
fn growth(text: &str) -> Option<f64> {
    let percent = number(text.strip_suffix('%')?.trim())?;
    (-100.0..=1000.0)
        .contains(&percent)
        .then_some(percent / 100.0)
}

fn day(text: &str) -> Option<DayType> {
    let mut days = DayType::ALL.iter().copied();
    days.find(|day| day.word().eq_ignore_ascii_case(text))
}

/// What a value of a key looks like.
fn expected(key: &Key) -> Text {
    let (ja, en) = match key {
        Key::Years => ("0〜50 の年数を書く", "write a number of years from 0 to 50"),
        Key::Day => {
            let words: Vec<String> = DayType::ALL
                .iter()
                .map(|d| format!("`{}`", d.word()))
                .collect();
            return Text::new(
                format!("指定できるのは {}", words.join("、")),
                format!("possible are {}", words.join(", ")),
            );
        }
        Key::Growth => (
            "`10 %` のように、1年あたりの割合（-100 %〜1000 %）を書く",
            "write a percentage per year such as `10 %`, from -100 % to 1000 %",
        ),
        Key::Nearby => (
            "`on`、`off`、または `30 %` のような 0 %〜100 % の割合を書く",
            "write `on`, `off`, or a share such as `30 %`, from 0 % to 100 %",
        ),
        Key::Breakout | Key::Application(_, OfApplication::Active) => (
            "`30 %` のように、0 %〜100 % の割合を書く",
            "write a share such as `30 %`, from 0 % to 100 %",
        ),
        Key::Link(_, OfLink::Rate)
        | Key::Node(_, OfNode::Throughput)
        | Key::Application(_, OfApplication::Down) => (
            "`150 kbps`、`100 Mbps`、`1 Gbps` のように、単位つきの速度を書く",
            "write a rate with its unit, such as `150 kbps`, `100 Mbps` or `1 Gbps`",
        ),
        Key::Application(_, OfApplication::Times) => (
            "`0.5` や `2` のように、0〜1000 の倍率を書く",
            "write a factor such as `0.5` or `2`, from 0 to 1000",
        ),
        Key::Terminals | Key::Link(..) | Key::Node(..) => (
            "`8000` のように、1 以上の整数を桁区切りなしで書く（コンマは値の区切り）",
            "write a whole number from 1 on, such as `8000`, without a comma in it: commas divide values",
        ),
    };
    Text::new(ja, en)
}
