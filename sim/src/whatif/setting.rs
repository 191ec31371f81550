//! One value of a key: a [`Setting`], read from its text.
//!
//! Goes in: a key and a text such as `8000`, `30 %`, `1 Gbps`. Comes out: a typed setting; or, in both languages, what
//! would have been understood.

use super::key::{Key, OfApplication, OfLink, OfNode};
use std::ops::RangeInclusive;
use utsushi_model::circumstance::DayType;
use utsushi_model::demand::ApplicationId;
use utsushi_model::limits;
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

/// The most years of growth.
const MOST_YEARS: u32 = 50;

/// The setting that a text means, or what would be possible. Ranges are those of the scenario format ([`limits`]).
pub(super) fn read(key: &Key, text: &str) -> Result<Setting, Text> {
    let wrong = || expected(key);
    let within = |range: RangeInclusive<u32>| count(text, &range).unwrap_or_else(|| Err(wrong()));
    let count = || within(limits::SEVERAL);
    let share = || text.parse::<Share>().map_err(|_| wrong());
    let capacity = || {
        rate(text, wrong).and_then(|rate| match rate > BitRate::ZERO {
            true => Ok(rate),
            false => Err(limits::nothing()),
        })
    };
    Ok(match key {
        Key::Terminals => Setting::Terminals(within(1..=*limits::HOSTS.end())?),
        Key::Years => Setting::Years(within(0..=MOST_YEARS)?),
        Key::Day => Setting::Day(day(text).ok_or_else(wrong)?),
        Key::Growth => Setting::Growth(growth(text).ok_or_else(wrong)?),
        Key::Breakout => Setting::Breakout(share()?),
        Key::Nearby => Setting::Nearby(match text {
            "on" => None,
            "off" => Some(Share::default()),
            _ => Some(share()?),
        }),
        Key::Link(id, OfLink::Rate) => Setting::Rate(id.clone(), capacity()?),
        Key::Link(id, OfLink::Members) => Setting::Members(id.clone(), within(limits::MEMBERS)?),
        Key::Node(id, of) => {
            let id = id.clone();
            match of {
                OfNode::Sessions | OfNode::SessionsOfOne => {
                    Setting::Sessions(id, Sessions::new(f64::from(count()?)))
                }
                OfNode::Throughput => Setting::Throughput(id, capacity()?),
                OfNode::Units => Setting::Units(id, count()?),
                OfNode::Seats => Setting::Seats(id, Seats::new(f64::from(within(limits::SEATS)?))),
                OfNode::Addresses => Setting::Addresses(id, count()?),
                OfNode::Workers => Setting::Workers(id, count()?),
            }
        }
        Key::Application(id, OfApplication::Active) => Setting::Active(id.clone(), share()?),
        Key::Application(id, OfApplication::Times) => {
            Setting::Times(id.clone(), times(text).ok_or_else(wrong)?)
        }
        Key::Application(id, OfApplication::Down) => Setting::Down(id.clone(), rate(text, wrong)?),
    })
}

/// A whole number, or that it is out of range; `None` if it is none. Leading noughts are refused: in `8,000` the comma
/// divides two values, of which the second would be 0.
fn count(text: &str, range: &RangeInclusive<u32>) -> Option<Result<u32, Text>> {
    let padded = text.len() > 1 && text.starts_with('0');
    let digits = text.replace('_', "");
    if padded || digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = digits.parse().ok().filter(|number| range.contains(number));
    Some(number.ok_or_else(|| limits::out_of_range(&digits, range)))
}

/// A rate, perhaps 0.
fn rate(text: &str, wrong: impl Fn() -> Text) -> Result<BitRate, Text> {
    let rate: BitRate = text.parse().map_err(|_| wrong())?;
    match rate.get() > limits::MOST_RATE {
        true => Err(limits::too_much(text, limits::MOST_RATE_WORDS)),
        false => Ok(rate),
    }
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

/// `10 %`; use may also shrink.
fn growth(text: &str) -> Option<f64> {
    let percent = number(text.strip_suffix('%')?.trim())?;
    limits::GROWTH.contains(&percent).then_some(percent / 100.0)
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
        Key::Growth => {
            let (ja, en) = limits::GROWTH_WORDS;
            return Text::new(format!("{ja}を書く"), format!("write {en}"));
        }
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
