//! Every formula against values from elsewhere (tables, other programs), and what must not be asked.

use super::blocking::{Class, engset, erlang_b, erlang_b_servers, erlang_c, kaufman_roberts};
use super::buffer::{md1k_loss, mm1k_loss};
use super::burst::{gaussian_rate, provisioned_rate};
use super::concurrency::binomial_quantile;
use super::elastic::stretch;
use super::fair::{Flow, max_min};
use super::periodic::nddd1_exceeds;
use super::rule::{peak_of_day, users_per_address, users_per_line};
use super::tcp::{mathis, padhye};
use super::voice::{
    Codec, G711, G711_CONCEALED, G729A, R_DEFAULT, delay_impairment, loss_impairment, opinion,
};
use super::waiting::{PriorityClass, md1_wait_quantile, mg1_wait, mm1_sojourn, priority_waits};
use super::{OutOfDomain, Value};

/// Holds to the digits that were printed.
fn holds(found: Value, printed: &str) {
    let wanted: f64 = printed.parse().expect("a number");
    let digits = printed.split('.').nth(1).map_or(0, str::len);
    let exponent: i32 = digits.try_into().expect("few digits");
    let found = found.expect("in the domain");
    let unit = 10f64.powi(-exponent);
    // A figure whose next digit is a 5 may have been rounded either way.
    assert!(
        (found - wanted).abs() <= unit * 0.5001,
        "{found} should print as {printed}"
    );
}

#[test]
fn erlang_b_holds_to_the_printed_digits() {
    for (offered, servers, printed) in [
        (1.0, 1, "0.5"),
        (2.0, 3, "0.210526315789"),
        (10.0, 15, "0.0364969454724"),
        (10.0, 10, "0.214582343107"),
        (20.0, 30, "0.00845749834019"),
        (50.0, 64, "0.00843942665594"),
        (100.0, 100, "0.0757004527109"),
        (100.0, 117, "0.00979007112537"),
        (500.0, 520, "0.0143617705442"),
        (1000.0, 1000, "0.0248119176462"),
        (10000.0, 10000, "0.00793656324881"),
    ] {
        holds(erlang_b(offered, servers), printed);
    }
}

#[test]
fn many_more_servers_than_traffic_turn_away_hardly_anybody_and_never_nobody() {
    let least = f64::MIN_POSITIVE;
    assert_eq!(erlang_b(5.0, 10_000), Ok(least));
    assert_eq!(erlang_c(5.0, 10_000), Ok(10_000.0 * least / 9_995.0));
    assert_eq!(erlang_b(0.0, 10_000), Ok(0.0));
}

#[test]
fn the_fewest_servers_for_a_target() {
    for (offered, target, servers) in [
        (10.0, 0.01, 18),
        (50.0, 0.01, 64),
        (100.0, 0.01, 117),
        (100.0, 0.001, 128),
        (200.0, 0.01, 221),
        (500.0, 0.01, 527),
        (1000.0, 0.01, 1029),
    ] {
        assert_eq!(erlang_b_servers(offered, target), Ok(servers));
        let one_less = erlang_b(offered, servers - 1).expect("in the domain");
        assert!(one_less > target, "{} would do", servers - 1);
    }
}

#[test]
fn erlang_c_holds_to_the_printed_digits() {
    holds(erlang_c(2.0, 3), "0.444444444444");
    holds(erlang_c(10.0, 15), "0.102042367008");
    holds(erlang_c(20.0, 30), "0.0249504581046");
    holds(erlang_c(100.0, 117), "0.0637097652");
    holds(erlang_c(900.0, 950), "0.0620978324885");
    holds(erlang_c(3.0, 3), "1");
}

#[test]
fn few_users_block_one_another_less() {
    let found = engset(50, 0.25, 15).expect("in the domain");
    holds(Ok(found.time), "0.0308695444796");
    holds(Ok(found.call), "0.0268657182349");
    let enough = engset(3, 5.0, 4).expect("in the domain");
    assert_eq!((enough.time, enough.call), (0.0, 0.0));
}

#[test]
fn classes_on_a_shared_line() {
    let class = |offered, units| Class { offered, units };
    let small = kaufman_roberts(10, &[class(2.0, 1), class(1.0, 2)]).expect("in the domain");
    holds(Ok(small[0]), "0.0127967133157");
    holds(Ok(small[1]), "0.0362723943594");
    let large = kaufman_roberts(100, &[class(30.0, 1), class(5.0, 6)]).expect("in the domain");
    holds(Ok(large[0]), "0.00103132275548");
    holds(Ok(large[1]), "0.00885191310973");
}

#[test]
fn one_class_of_single_units_is_erlang_b_at_any_size() {
    for servers in [1, 30, 1000, 10_000] {
        let offered = f64::from(servers) * 0.97;
        let class = Class { offered, units: 1 };
        let line = kaufman_roberts(servers, &[class]).expect("in the domain");
        let plain = erlang_b(offered, servers).expect("in the domain");
        assert!((line[0] / plain - 1.0).abs() < 1e-9, "{servers} servers");
    }
}

#[test]
fn how_many_at_once() {
    for (members, active, confidence, most) in [
        (500, 0.1, 0.99, 66),
        (500, 0.1, 0.999, 72),
        (50, 0.1, 0.99, 10),
        (3000, 0.3, 0.99, 959),
        (3000, 0.3, 0.999, 978),
    ] {
        assert_eq!(binomial_quantile(members, active, confidence), Ok(most));
    }
    assert_eq!(binomial_quantile(40, 0.0, 0.99), Ok(0));
    assert_eq!(binomial_quantile(40, 1.0, 0.99), Ok(40));
    assert_eq!(binomial_quantile(0, 0.5, 0.99), Ok(0));
    assert_eq!(binomial_quantile(1_000_000, 0.5, 0.5), Ok(500_000));
}

#[test]
fn mean_waits() {
    holds(mm1_sojourn(0.8), "5.000000000");
    holds(mg1_wait(0.8, 0.0), "2.000000000");
    holds(mg1_wait(0.8, 1.0), "4.000000000");
    holds(mg1_wait(0.8, 4.0), "10.000000000");
}

#[test]
fn percentiles_of_the_wait_for_fixed_packets() {
    for (rho, printed) in [
        (0.5, ["2.0506", "3.3363", "5.1684"]),
        (0.7, ["4.1029", "6.4855", "9.8944"]),
        (0.8, ["6.6203", "10.3559", "15.7003"]),
        (0.9, ["14.1287", "21.8982", "33.0140"]),
        (0.95, ["29.1162", "44.9378", "67.5733"]),
    ] {
        for (level, printed) in [0.95, 0.99, 0.999].into_iter().zip(printed) {
            holds(md1_wait_quantile(rho, level), printed);
        }
    }
    holds(md1_wait_quantile(0.3, 0.6), "0");
}

#[test]
fn what_a_finite_queue_loses() {
    holds(mm1k_loss(0.8, 10), "0.0234928575799");
    holds(mm1k_loss(0.95, 20), "0.0271811541987");
    holds(mm1k_loss(1.0, 4), "0.2");
    holds(md1k_loss(0.8, 10), "0.00363923114");
    holds(md1k_loss(0.9, 20), "0.001853175683");
    holds(md1k_loss(0.95, 21), "0.007181748148");
    holds(md1k_loss(1.0, 20), "0.02521008403");
    // With one place nothing waits: Erlang B with one server.
    holds(md1k_loss(0.5, 1), "0.333333333333");
}

#[test]
fn streams_with_a_beat() {
    holds(nddd1_exceeds(80, 100, 5), "0.0564450218419");
    holds(nddd1_exceeds(80, 100, 10), "0.00121242993864");
    holds(nddd1_exceeds(3, 100, 3), "0");
}

#[test]
fn priority_moves_waits_and_saves_none() {
    let class = PriorityClass {
        rate: 0.4,
        service: 1.0,
        variation: 0.0,
    };
    let waits = priority_waits(&[class, class]).expect("stable");
    holds(Ok(waits[0]), "0.6667");
    holds(Ok(waits[1]), "3.3333");
    holds(Ok(f64::midpoint(waits[0], waits[1])), "2.000000000");
}

#[test]
fn shared_lines_stretch_transfers() {
    holds(stretch(1, 0.7), "3.33333333");
    holds(stretch(5, 0.8), "1.55411255");
    holds(stretch(10, 0.8), "1.20459008");
    holds(stretch(20, 0.9), "1.2753845");
    holds(stretch(100, 0.9), "1.02169405");
}

#[test]
fn rates_for_bursts() {
    holds(provisioned_rate(100.0, 20.0, 1.0, 0.01), "160.697");
    holds(provisioned_rate(100.0, 20.0, 1.0, 0.001), "174.338");
    holds(gaussian_rate(100.0, 20.0, 0.01), "146.527");
    holds(gaussian_rate(100.0, 20.0, 0.5), "100.000000");
    holds(gaussian_rate(0.0, 1.0, 1e-9), "5.997807");
}

#[test]
fn voice() {
    for (delay, printed) in [
        (100.0, "0"),
        (150.0, "0.1635"),
        (200.0, "3.0444"),
        (300.0, "14.7607"),
        (400.0, "24.0701"),
    ] {
        holds(delay_impairment(delay), printed);
    }
    holds(Ok(opinion(R_DEFAULT)), "4.409286");
    for (codec, loss, impairment, mos) in [
        (G711, 0.01, "17.9245", "3.8337"),
        (G711_CONCEALED, 0.01, "3.6398", "4.3281"),
        (G729A, 0.01, "15.2000", "3.9462"),
    ] {
        let found = loss_impairment(codec, loss, 1.0);
        holds(found, impairment);
        holds(found.map(|i| opinion(R_DEFAULT - i)), mos);
    }
    let two = loss_impairment(G711_CONCEALED, 0.02, 1.0).map(|i| opinion(R_DEFAULT - i));
    holds(two, "4.2348");
    assert_eq!(
        (opinion(-3.0), opinion(3.0), opinion(130.0)),
        (1.0, 1.0, 4.5)
    );
}

#[test]
fn ceilings_of_a_connection() {
    let mega = |bits: Value| bits.map(|b| b / 1e6);
    holds(mega(mathis(1460.0, 0.05, 0.001)), "9.0473");
    holds(mega(padhye(1460.0, 0.05, 0.001, 1.0)), "8.96659");
    holds(mega(padhye(1460.0, 0.05, 0.001, 2.0)), "6.34033");
}

#[test]
fn fair_shares_fill_the_tightest_link_first() {
    let flow = |demand, links: &[usize]| Flow {
        demand,
        links: links.iter().map(|l| (*l, 1.0)).collect(),
    };
    let endless = f64::INFINITY;
    let flows = [
        flow(endless, &[0]),
        flow(endless, &[0, 1]),
        flow(endless, &[1]),
        flow(endless, &[0]),
    ];
    assert_eq!(max_min(&[10.0, 4.0], &flows), [4.0, 2.0, 2.0, 4.0]);
    let modest = [flow(1.0, &[0]), flow(20.0, &[0]), flow(0.0, &[0])];
    assert_eq!(max_min(&[10.0], &modest), [1.0, 9.0, 0.0]);
    assert_eq!(max_min(&[10.0], &[flow(5.0, &[7])]), [0.0]);
}

#[test]
fn makers_rules() {
    holds(users_per_address(4000.0, 6.0, 4.0), "6000");
    holds(users_per_line(1500.0, 0.8, 150.0), "8");
    holds(users_per_line(1500.0, 0.8, 50.0), "24");
    holds(peak_of_day(100.0, 12_220.0), "84.9");
    holds(peak_of_day(100.0, 5_200.0).map(|p| p / 2.0), "18.1");
}

#[test]
fn what_has_no_meaning_is_refused() {
    let strange = Codec {
        impairment: 0.0,
        robustness: 0.0,
    };
    for refused in [
        erlang_b(-1.0, 3),
        erlang_b(f64::NAN, 3),
        erlang_c(f64::INFINITY, 3),
        mm1_sojourn(1.0),
        mg1_wait(0.5, -1.0),
        md1_wait_quantile(1.2, 0.9),
        md1_wait_quantile(0.9, 1.0),
        md1k_loss(0.5, 0),
        mm1k_loss(-0.5, 3),
        nddd1_exceeds(100, 100, 5),
        stretch(0, 0.5),
        stretch(5, 1.0),
        provisioned_rate(1.0, 1.0, 0.0, 0.1),
        gaussian_rate(1.0, 1.0, 0.0),
        delay_impairment(-1.0),
        loss_impairment(strange, 0.1, 1.0),
        loss_impairment(G711, 1.1, 1.0),
        mathis(1460.0, 0.05, 0.0),
        padhye(1460.0, 0.0, 0.1, 1.0),
        users_per_address(70_000.0, 6.0, 4.0),
        users_per_line(1.0, 2.0, 1.0),
        peak_of_day(0.0, 1.0),
    ] {
        assert!(refused.is_err(), "{refused:?}");
    }
    assert!(erlang_b_servers(1e9, 0.01).is_err());
    assert!(erlang_b_servers(1.0, 0.0).is_err());
    assert!(binomial_quantile(3, 1.5, 0.9).is_err());
    assert!(engset(3, -0.5, 2).is_err());
    let nothing = Class {
        offered: 1.0,
        units: 0,
    };
    assert!(kaufman_roberts(10, &[nothing]).is_err());
    let saturated = PriorityClass {
        rate: 1.0,
        service: 1.0,
        variation: 0.0,
    };
    assert!(priority_waits(&[saturated]).is_err());
    let said = OutOfDomain {
        argument: "rho",
        value: 1.5,
        must: "below 1",
    };
    assert_eq!(said.to_string(), "`rho` is 1.5 but must be below 1");
}
