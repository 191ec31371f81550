//! Single cases at the borders of domains, families, operations and limits.

use std::net::IpAddr;

use crate::space::{Cube, Field, Interval, Point, Set, Space, SpaceFull, address, ip};

fn addr(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn addresses_of_both_families_share_one_domain() {
    let cases = [
        ("0.0.0.0", Interval::V4.lo),
        ("255.255.255.255", Interval::V4.hi),
        ("10.0.0.1", 0xffff_0a00_0001),
        ("::", 0),
        ("::1", 1),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", u128::MAX),
    ];
    for (text, number) in cases {
        assert_eq!(address(addr(text)), number, "{text}");
        assert_eq!(ip(number), addr(text), "{text}");
    }
}

#[test]
fn prefixes_become_ranges() {
    let v4 = Interval::V4.lo;
    let cases = [
        (
            "10.1.2.3",
            16,
            vec![Interval::new(v4 + 0x0a01_0000, v4 + 0x0a01_ffff)],
        ),
        ("10.1.2.3", 32, vec![Interval::point(v4 + 0x0a01_0203)]),
        ("10.1.2.3", 33, vec![Interval::point(v4 + 0x0a01_0203)]),
        ("10.1.2.3", 0, vec![Interval::V4]),
        ("::", 0, Interval::V6.to_vec()),
        ("::1", 128, vec![Interval::point(1)]),
        (
            "2001:db8::",
            32,
            vec![Interval::new(0x2001_0db8 << 96, (0x2001_0db9 << 96) - 1)],
        ),
        ("8000::", 1, vec![Interval::new(1 << 127, u128::MAX)]),
    ];
    for (text, length, expected) in cases {
        assert_eq!(
            Interval::prefix(addr(text), length),
            expected,
            "{text}/{length}"
        );
    }
}

#[test]
fn intervals_are_sorted_merged_and_clipped() {
    let i = Interval::new;
    let cases = [
        (Field::DstPort, vec![], vec![]),
        (Field::DstPort, vec![i(5, 4)], vec![]),
        (Field::DstPort, vec![i(3, 4), i(1, 2)], vec![i(1, 4)]),
        (
            Field::DstPort,
            vec![i(1, 9), i(2, 3), i(11, 11)],
            vec![i(1, 9), i(11, 11)],
        ),
        (
            Field::DstPort,
            vec![i(65_535, 70_000)],
            vec![i(65_535, 65_535)],
        ),
        (Field::DstPort, vec![i(65_536, 70_000)], vec![]),
        (
            Field::Protocol,
            vec![i(0, u128::MAX)],
            vec![Field::Protocol.all()],
        ),
        (
            Field::Dst,
            vec![i(u128::MAX, u128::MAX), i(0, u128::MAX - 1)],
            vec![Field::Dst.all()],
        ),
        (
            Field::Dst,
            vec![i(0, u128::MAX), i(7, 8)],
            vec![Field::Dst.all()],
        ),
    ];
    for (field, given, expected) in cases {
        assert_eq!(Interval::normalise(field, &given), expected, "{given:?}");
    }
}

#[test]
fn nothing_and_everything_are_the_constants() -> Result<(), SpaceFull> {
    let mut space = Space::new();
    for field in Field::ALL {
        assert_eq!(space.field(field, &[field.all()])?, Set::FULL);
        assert_eq!(space.field(field, &[])?, Set::EMPTY);
        let max = space.field(field, &[Interval::point(field.max())])?;
        let rest = space.field(field, &[Interval::new(0, field.max() - 1)])?;
        assert_eq!(space.union(max, rest)?, Set::FULL);
        assert_eq!(space.intersection(max, rest)?, Set::EMPTY);
        assert_eq!(space.complement(max)?, rest);
        assert_eq!(space.cube(&Cube::any().with(field, vec![]))?, Set::EMPTY);
    }
    assert_eq!(space.cube(&Cube::any())?, Set::FULL);
    assert_eq!(space.complement(Set::FULL)?, Set::EMPTY);
    assert_eq!(space.complement(Set::EMPTY)?, Set::FULL);
    assert_eq!(space.union_all(&[])?, Set::EMPTY);
    assert_eq!(space.swap_ends(Set::FULL)?, Set::FULL);
    assert_eq!(space.cubes(Set::EMPTY), []);
    assert_eq!(space.cubes(Set::FULL), [Cube::any()]);
    assert_eq!(space.cubes_limited(Set::FULL, 0), (vec![], true));
    assert_eq!(space.smallest(Set::EMPTY), None);
    assert_eq!(space.smallest(Set::FULL), Some(Point::default()));
    assert_eq!(space.count(Set::EMPTY), 0.0);
    assert_eq!(space.count(Set::FULL), 2_f64.powi(128 + 128 + 8 + 16 + 16));
    Ok(())
}

#[test]
fn the_last_packet_is_a_set_of_one() -> Result<(), SpaceFull> {
    let mut space = Space::new();
    let last = Field::ALL.iter().fold(Cube::any(), |cube, &field| {
        cube.with(field, vec![Interval::point(field.max())])
    });
    let set = space.cube(&last)?;
    let point = Point::from_values(Field::ALL.map(Field::max));
    assert_eq!(space.smallest(set), Some(point));
    assert_eq!(space.count(set), 1.0);
    assert_eq!(space.cubes(set), [last]);
    assert_eq!(space.swap_ends(set)?, set);
    Ok(())
}

#[test]
fn an_empty_rule_list_denies_everything() -> Result<(), SpaceFull> {
    let mut space = Space::new();
    assert_eq!(space.first_match(&[])?, Set::EMPTY);
    assert_eq!(space.first_match(&[(Set::FULL, true)])?, Set::FULL);
    assert_eq!(
        space.first_match(&[(Set::FULL, false), (Set::FULL, true)])?,
        Set::EMPTY
    );
    let dns = space.field(Field::DstPort, &[Interval::point(53)])?;
    let not_dns = space.complement(dns)?;
    assert_eq!(
        space.first_match(&[(dns, false), (Set::FULL, true)])?,
        not_dns
    );
    Ok(())
}

#[test]
fn shifting_at_the_ends_of_a_domain() -> Result<(), SpaceFull> {
    let mut space = Space::new();
    let point = Interval::point;
    let low = space.field(Field::Dst, &[point(0)])?;
    let high = space.field(Field::Dst, &[point(u128::MAX)])?;
    let (top, bottom) = (point(u128::MAX), point(0));
    assert_eq!(space.shift(low, Field::Dst, bottom, u128::MAX)?, high);
    assert_eq!(space.shift(high, Field::Dst, top, 0)?, low);
    // Only the first value of the range still fits.
    assert_eq!(
        space.shift(Set::FULL, Field::Dst, Interval::new(0, 9), u128::MAX)?,
        high
    );
    // Targets beyond the domain, and empty ranges, have no image.
    assert_eq!(
        space.shift(Set::FULL, Field::Protocol, point(6), 256)?,
        Set::EMPTY
    );
    assert_eq!(
        space.shift(Set::FULL, Field::Protocol, point(256), 6)?,
        Set::EMPTY
    );
    assert_eq!(
        space.shift(Set::FULL, Field::Dst, Interval::new(5, 4), 0)?,
        Set::EMPTY
    );
    // A whole domain onto itself is the identity.
    assert_eq!(space.shift(low, Field::Dst, Field::Dst.all(), 0)?, low);
    Ok(())
}

#[test]
fn families_do_not_mix() -> Result<(), SpaceFull> {
    let mut space = Space::new();
    let same = space.same_family()?;
    let server = space.field(Field::Dst, &Interval::prefix(addr("10.0.0.9"), 32))?;
    let sensible = space.intersection(server, same)?;
    assert_eq!(space.project(sensible, Field::Src), [Interval::V4]);
    let witness = space.smallest(sensible).unwrap();
    assert_eq!(
        (ip(witness.dst), ip(witness.src)),
        (addr("10.0.0.9"), addr("0.0.0.0"))
    );
    Ok(())
}

#[test]
fn a_full_space_says_so_and_goes_on() -> Result<(), SpaceFull> {
    let mut space = Space::with_limit(8);
    let web = space.field(Field::DstPort, &[Interval::point(443)])?;
    let many: Vec<_> = (0..100).map(|i| Interval::point(2 * i)).collect();
    let full = space.field(Field::DstPort, &many).unwrap_err();
    assert_eq!(full, SpaceFull { limit: 8 });
    assert_eq!(
        full.to_string(),
        "packet sets need more than the 8 nodes and ranges allowed"
    );
    assert_eq!(space.field(Field::DstPort, &[Interval::point(443)])?, web);
    assert!(space.complement(web).is_ok());
    Ok(())
}

/// Two groups of servers with the same services, asked by two groups of
/// terminals: two boxes, whatever the diagram cuts first.
#[test]
fn boxes_are_joined_across_fields() -> Result<(), SpaceFull> {
    let mut space = Space::new();
    let net = |text: &str| Interval::prefix(addr(text), 24);
    let row = |dst: &str, src: &str, port| {
        Cube::any()
            .with(Field::Dst, net(dst))
            .with(Field::Src, net(src))
            .with(Field::DstPort, vec![Interval::point(port)])
    };
    let mut sets = Vec::new();
    for (a, b) in [
        ("10.0.1.0", "10.9.1.0"),
        ("10.0.3.0", "10.9.1.0"),
        ("10.0.1.0", "10.9.3.0"),
    ] {
        for port in [80, 443] {
            sets.push(space.cube(&row(a, b, port))?);
        }
    }
    let all = space.union_all(&sets)?;
    let cubes = space.cubes(all);
    assert_eq!(cubes.len(), 2);
    let ports = [Interval::point(80), Interval::point(443)];
    assert!(cubes.iter().all(|cube| cube.dst_port == ports));
    Ok(())
}

/// Services in the diagonal of a table of zones: the order by service first
/// gives one box per service where the usual order gives one per zone.
#[test]
fn boxes_follow_the_best_order_of_fields() -> Result<(), SpaceFull> {
    let mut space = Space::new();
    let mut sets = Vec::new();
    for zone in 0..16_u128 {
        // Each zone is offered its own choice of four services.
        let ports = (0..4).filter(|bit| zone >> bit & 1 == 1);
        let cube = Cube::any()
            .with(Field::Dst, vec![Interval::point(2 * zone)])
            .with(
                Field::DstPort,
                ports.map(|p| Interval::point(100 * (p + 1))).collect(),
            );
        sets.push(space.cube(&cube)?);
    }
    let all = space.union_all(&sets)?;
    assert_eq!(space.paths(all, usize::MAX).len(), 15);
    assert_eq!(space.cubes(all).len(), 4);
    Ok(())
}
