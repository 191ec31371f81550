//! Sentences as people read them, and closed lists without gaps.

use super::*;
use crate::model::demand::ResourceKind;
use crate::model::units::Utilisation;
use crate::sample::sample;

fn words(lang: Lang) -> Vec<Wording> {
    let sample = sample();
    sample
        .report
        .findings
        .iter()
        .map(|f| of(f, &sample.context(lang)))
        .collect()
}

#[test]
fn headlines_say_who_what_and_when() {
    let headlines: Vec<_> = words(Lang::En).into_iter().map(|w| w.headline).collect();
    assert_eq!(
        headlines,
        [
            "rule `payroll-batch` of `fw-mn` now lets `payroll` (Internet) reach `tax-db` (My Number) on tcp/1521, from step 2 on",
            "`security-cloud line` (sc → dc) carries 1,440 of 1,000 Mbit/s (144 %) at 10:00, from step 2 on",
            "2,600 users of `hq-staff` cannot use web: `fw-mn` denies leg 2, from step 1 on",
            "`file server` changes its address in step 1; 1 place still holds the old one",
            "`10.66.5.0/24` has members of two zones, at every step",
        ]
    );
}

#[test]
fn japanese_headlines_read_as_written_by_hand() {
    let headlines: Vec<_> = words(Lang::Ja).into_iter().map(|w| w.headline).collect();
    assert_eq!(
        headlines,
        [
            "`fw-mn` のルール `payroll-batch` が、`payroll`（人事給与、インターネット接続系）から `tax-db`（マイナンバー利用事務系）へ tcp/1521 を通すようになる（ステップ2以降）",
            "`セキュリティクラウド回線`（sc → dc）の通信量が 10:00 に 1,440 Mbit/s、容量 1,000 Mbit/s の 144 %（ステップ2以降）",
            "`hq-staff` の2,600人が「Web閲覧」を使えない：`fw-mn` が区間2を拒否（ステップ1以降）",
            "`ファイルサーバ` のアドレスがステップ1で変わり、旧アドレスの参照が1件残る",
            "`10.66.5.0/24` に2つの系のホストが混在する（全ステップ）",
        ]
    );
}

#[test]
fn notes_come_as_facts_then_rule_then_cause_then_way_out() {
    let stale = &words(Lang::En)[0];
    let labels: Vec<_> = stale.notes.iter().map(|n| n.label).collect();
    use Label::{Also, Extent, Packet, Rule, Try, Way, WhyNow};
    assert_eq!(labels, [Packet, Extent, Way, Also, Rule, WhyNow, Try]);
    assert_eq!(stale.notes[0].text, "tcp 10.72.3.10:* → 10.16.240.5:1521");
    assert_eq!(
        stale.notes[2].text,
        "payroll → sw-core → fw-mn (rule payroll-batch) → tax-db"
    );
    assert_eq!(
        stale.notes[4].text,
        "I-MN-02, My Number ↔ Internet is cut completely [text not confirmed]"
    );
}

#[test]
fn a_load_says_what_would_be_enough() {
    let tries: Vec<_> = words(Lang::En)[1]
        .notes
        .iter()
        .filter(|n| n.label == Label::Try)
        .map(|n| n.text.clone())
        .collect();
    assert_eq!(
        tries,
        [
            "at least 1,800 Mbit/s keeps it within 80 %",
            "or local breakout for meetings, which leaves 480 Mbit/s (48 %)"
        ]
    );
}

#[test]
fn every_code_has_a_title_in_both_languages() {
    for code in Code::ALL {
        let (ja, en) = (title(*code, Lang::Ja), title(*code, Lang::En));
        assert!(!ja.is_ascii(), "{code}: {ja}");
        assert!(en.is_ascii() && !en.ends_with('.'), "{code}: {en}");
    }
}

#[test]
fn percentages_stay_on_their_side_of_a_limit() {
    let limits = [Utilisation::new(0.8), Utilisation::new(1.0)];
    for (load, text) in [
        (0.8, "80 %"),
        (0.7996, "80 %"),
        (0.8004, "80.04 %"),
        (1.004, "100.4 %"),
        (1.44, "144 %"),
        (f64::INFINITY, "∞ %"),
    ] {
        assert_eq!(per_cent(Utilisation::new(load), &limits), text, "{load}");
    }
}

#[test]
fn quantities_carry_the_units_people_use() {
    assert_eq!(
        quantity(ResourceKind::Link, 1.44e9, Lang::Ja),
        "1,440 Mbit/s"
    );
    assert_eq!(quantity(ResourceKind::Seats, 240.0, Lang::Ja), "240席");
    assert_eq!(
        quantity(ResourceKind::Sessions, 224_000.0, Lang::En),
        "224,000 sessions"
    );
}
