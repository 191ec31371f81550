//! Dumps as real devices write them: what is read, what is refused, and what is written for scenarios.
//!
//! In: the dumps in `import/`, written by hand in the dialect of the tools. What can go wrong is asserted.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test tells what failed by panicking"
)]

use std::net::IpAddr;
use utsushi_model::network::Network;
use utsushi_model::policy::{Filter, FilterRule, NatRule, RuleAction, SessionMatch, Translation};
use utsushi_scenarios::import::dump::{Side, Target};
use utsushi_scenarios::import::{Given, Imported, iptables, read};
use utsushi_scenarios::{Memory, load_from};

const CITY: &[u8] = include_bytes!("import/city-hall.rules");
const CITY_V6: &[u8] = include_bytes!("import/city-hall.v6.rules");
const DOCKER: &[u8] = include_bytes!("import/docker.rules");

fn imported(files: &[(&str, &[u8])], given: &Given) -> Imported {
    iptables(files, given).unwrap_or_else(|refused| {
        let told: Vec<String> = refused
            .problems
            .iter()
            .map(|p| format!("{} {}", p.place, p.message.en))
            .collect();
        panic!("refused:\n{}", told.join("\n"))
    })
}

/// Puts a filter table around rules.
fn table(rules: &str) -> String {
    format!(
        "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n{rules}\nCOMMIT\n"
    )
}

fn forward(rules: &str) -> Filter {
    let text = table(rules);
    let imported = imported(&[("fw.rules", text.as_bytes())], &Given::default());
    let mut filters = imported.forwarding.filters.into_iter();
    filters
        .find(|f| f.point == utsushi_model::policy::FilterPoint::Forward)
        .expect("a filter on forwarded packets")
}

fn rule(rules: &str) -> FilterRule {
    forward(rules).rules.pop().expect("a rule")
}

/// What is wrong with rules, as `line:column message`.
fn wrong(rules: &str) -> Vec<String> {
    let text = table(rules);
    let refused = iptables(&[("fw.rules", text.as_bytes())], &Given::default());
    let problems = refused.err().map(|r| r.problems).unwrap_or_default();
    let told = problems
        .iter()
        .map(|p| format!("{}:{} {}", p.place.line, p.place.column, p.message.en));
    told.collect()
}

/// A scenario around an imported node, with its interfaces connected.
fn loaded(imported: &Imported, ron: &str) -> Network {
    let interfaces = imported.interfaces();
    let names = interfaces.iter().filter(|name| !name.ends_with('+'));
    let segments: Vec<String> = names
        .enumerate()
        .map(|(i, name)| {
            format!(
                "(name: \"s{i}\", zone: \"z\", site: \"hq\", prefixes: [\"100.64.{i}.0/24\"], gateways: [(node: \"fw\", interface: \"{name}\")]),"
            )
        })
        .collect();
    let scenario = format!(
        "(title: \"t\", start: (date: \"2023-07-01\", model: Alpha), include: [\"fw.ron\"],\n\
         zones: [(name: \"z\", role: Internet)], sites: [(name: \"hq\", kind: Headquarters)],\n\
         segments: [{}])",
        segments.join("\n")
    );
    let files = Memory::new([("scenario.ron", scenario.as_str()), ("fw.ron", ron)]);
    let loaded = load_from(&files, "scenario.ron").unwrap_or_else(|failed| {
        let told: Vec<String> = failed
            .problems
            .iter()
            .map(|p| format!("{} {}", p.place, p.message.en))
            .collect();
        panic!(
            "the written file does not load:\n{}\n{ron}",
            told.join("\n")
        )
    });
    (*loaded.migration.states[0].network).clone()
}

/// A filter without the places, which are in another file after writing.
fn bare(mut filter: Filter) -> Filter {
    let nowhere = utsushi_model::place::Place::nowhere;
    filter.place = nowhere();
    let chains = filter.chains.iter_mut();
    let rules = chains.flat_map(|c| {
        c.place = nowhere();
        c.rules.iter_mut()
    });
    for rule in rules.chain(filter.rules.iter_mut()) {
        rule.place = nowhere();
    }
    filter
}

fn same_after_writing(files: &[(&str, &[u8])], given: &Given) {
    let imported = imported(files, given);
    let ron = imported.ron("fw", "hq", &["head".to_owned()]);
    let network = loaded(&imported, &ron);
    let node = network.nodes.iter().next().expect("the node");
    let (own, back) = (&imported.forwarding, &node.forwarding);
    assert_eq!(own.filters.len(), back.filters.len());
    for (own, back) in own.filters.iter().zip(&back.filters) {
        assert_eq!(bare(own.clone()), bare(back.clone()));
    }
    let nat = |rules: &[NatRule]| -> Vec<NatRule> {
        let place = utsushi_model::place::Place::nowhere;
        let rules = rules.iter().cloned();
        rules
            .map(|r| NatRule {
                place: place(),
                ..r
            })
            .collect()
    };
    assert_eq!(nat(&own.nat), nat(&back.nat));
}

#[test]
fn a_city_hall_is_read_and_written() {
    same_after_writing(&[("city-hall.rules", CITY)], &Given::default());
    same_after_writing(
        &[("city-hall.rules", CITY), ("city-hall.v6.rules", CITY_V6)],
        &Given::default(),
    );
    same_after_writing(&[("city-hall.v6.rules", CITY_V6)], &Given::default());
}

#[test]
fn a_docker_host_is_read_and_written() {
    let address: IpAddr = "192.0.2.10".parse().expect("an address");
    let given = Given {
        addresses: vec![("eth0".to_owned(), address)],
        ..Given::default()
    };
    same_after_writing(&[("docker.rules", DOCKER)], &Given::default());
    same_after_writing(&[("docker.rules", DOCKER)], &given);
    let imported = imported(&[("docker.rules", DOCKER)], &given);
    let nat = &imported.forwarding.nat;
    let published = nat
        .iter()
        .find(|r| matches!(r.translation, Translation::Destination(to, Some(80)) if to.to_string() == "172.17.0.2"))
        .expect("the published port");
    // The jump asks for local addresses, which the dump does not hold; the RETURNs are exact.
    assert_eq!(
        published.conditions,
        ["addrtype dst-type LOCAL".into(), "not by br-3f1c".into()]
    );
    assert!(published.incoming.negated);
    let masked = nat.iter().find(|r| matches!(&r.translation, Translation::Source(pool) if pool.len() == 1 && pool[0].size() == 1));
    assert!(
        masked.is_some_and(|r| r.conditions.is_empty() && *r.outgoing.names == ["eth0".into()])
    );
}

#[test]
fn line_ends_and_japanese_comments_are_no_matter() {
    let text = String::from_utf8(CITY.to_vec()).expect("UTF-8");
    let crlf = text.replace('\n', "\r\n");
    let (sjis, _, lost) = encoding_rs::SHIFT_JIS.encode(&text);
    assert!(!lost);
    let plain = imported(&[("a", CITY)], &Given::default());
    for bytes in [crlf.as_bytes(), &sjis] {
        let other = imported(&[("a", bytes)], &Given::default());
        for (a, b) in plain
            .forwarding
            .filters
            .iter()
            .zip(&other.forwarding.filters)
        {
            assert_eq!(bare(a.clone()), bare(b.clone()));
        }
    }
    let notes = plain.forwarding.filters.iter().flat_map(|f| f.all_rules());
    let notes: Vec<String> = notes.filter_map(|r| r.note.clone()).collect();
    assert!(
        notes
            .iter()
            .any(|n| n == "暫定 R5.7.24まで 担当:情報政策課 \"切替\"")
    );
}

#[test]
fn chains_keep_their_jumps_returns_and_lines() {
    let filter = forward(
        "-N A\n-A FORWARD -s 10.0.0.0/8 -j A\n-A FORWARD -g A\n-A A -p tcp -j RETURN\n-A A -j LOG",
    );
    let [.., jump, goto] = filter.rules.as_slice() else {
        panic!("two rules")
    };
    assert_eq!(jump.action, RuleAction::Jump("A".into()));
    assert_eq!(goto.action, RuleAction::Goto("A".into()));
    assert_eq!((&*jump.name, jump.place.line), ("L6", 6));
    let rules = &filter.chains[0].rules;
    assert_eq!((rules.len(), &rules[0].action), (1, &RuleAction::Return));
}

#[test]
fn states_and_flags_tell_first_packets_from_answers() {
    for (text, session) in [
        ("-m state --state NEW", SessionMatch::New),
        ("-m state --state RELATED,ESTABLISHED", SessionMatch::Known),
        ("-m conntrack --ctstate NEW,ESTABLISHED", SessionMatch::Any),
        ("-m conntrack ! --ctstate INVALID", SessionMatch::Any),
        ("-m conntrack ! --ctstate NEW", SessionMatch::Known),
        ("-p tcp --syn", SessionMatch::New),
        ("-p tcp ! --syn", SessionMatch::Known),
        ("-p tcp --tcp-flags SYN,ACK SYN,ACK", SessionMatch::Known),
    ] {
        let rule = rule(&format!("-A FORWARD {text} -j ACCEPT"));
        assert_eq!(
            (rule.session, rule.conditions.len()),
            (session, 0),
            "{text}"
        );
    }
    // The default guard rules are all that is left of a rule that matches no packet.
    let never = forward("-A FORWARD -m state --state INVALID -j ACCEPT");
    assert!(never.rules.iter().all(|r| r.name.starts_with("IPv6")));
}

#[test]
fn what_hangs_on_the_device_becomes_a_condition() {
    for (text, condition) in [
        (
            "-m mac --mac-source 00:11:22:33:44:55",
            "mac mac-source 00:11:22:33:44:55",
        ),
        ("-m limit --limit 3/min", "limit limit 3/min"),
        ("-m set ! --match-set m365 dst", "set ! match-set m365 dst"),
        ("-m mark --mark 0x1/0xff", "mark mark 0x1/0xff"),
        (
            "-m physdev --physdev-is-bridged",
            "physdev physdev-is-bridged",
        ),
        ("-m owner --uid-owner 33", "owner uid-owner 33"),
        (
            "-m time --timestart 08:00 --timestop 18:00",
            "time timestart 08:00",
        ),
        ("-m policy --dir in --pol ipsec", "policy dir in"),
        ("-p icmp -m icmp --icmp-type 8", "icmp-type 8"),
        ("-f", "fragment"),
        (
            "-m string --string \"-j DROP\" --algo bm",
            "string string -j DROP",
        ),
        ("-m recent --name X --rsource --update", "recent name X"),
    ] {
        let rule = rule(&format!("-A FORWARD {text} -j ACCEPT"));
        assert_eq!(&*rule.conditions[0], condition, "{text}");
    }
}

#[test]
fn negations_ranges_and_lists_are_exact() {
    for (text, wanted) in [
        ("! -s 10.0.0.0/8", "not 10.0.0.0/8"),
        ("-s ! 10.0.0.0/8", "not 10.0.0.0/8"),
        ("-s 10.0.0.0/255.0.0.0", "10.0.0.0/8"),
        (
            "-s 10.0.0.0/8 -m iprange ! --src-range 10.0.0.0-10.255.255.253",
            "10.255.255.254/31",
        ),
        ("-s 10.0.0.1/255.255.254.255", "10.0.0.1 10.0.1.1"),
        ("-s 10.1.0.0/16,10.2.0.0/16", "10.1.0.0/16 10.2.0.0/16"),
    ] {
        let source = rule(&format!("-A FORWARD {text} -j ACCEPT")).source;
        let terms = source.terms.iter().map(|t| match t {
            utsushi_model::policy::AddressTerm::Range(r) => r.to_string(),
            other => format!("{other:?}"),
        });
        let not = if source.negated { "not " } else { "" };
        let told = format!("{not}{}", terms.collect::<Vec<_>>().join(" "));
        assert_eq!(told, wanted, "{text}");
    }
    for (text, wanted) in [
        ("-p tcp -m tcp --dport 443", "tcp/443"),
        ("-p tcp ! --dport 443", "tcp/0-442 tcp/444-65535"),
        (
            "-p udp -m multiport --ports 53,123",
            "udp/53 udp/123 udp from 53 udp from 123",
        ),
        (
            "-p udp -m multiport ! --ports 0:65534",
            "udp/65535 from 65535",
        ),
        (
            "-p tcp --sport 1024: -m multiport --dports 80,443",
            "tcp/80 from 1024-65535 tcp/443 from 1024-65535",
        ),
        ("! -p tcp", "not tcp"),
    ] {
        let service = rule(&format!("-A FORWARD {text} -j ACCEPT")).service;
        let terms = service.terms.iter().map(|t| match t {
            utsushi_model::policy::ServiceTerm::Service(s) => s.to_string(),
            other => format!("{other:?}"),
        });
        let not = if service.negated { "not " } else { "" };
        let told = format!("{not}{}", terms.collect::<Vec<_>>().join(" "));
        assert_eq!(told, wanted, "{text}");
    }
    let wires = rule("-A FORWARD -i eth1.+ ! -o docker0 -j ACCEPT");
    assert_eq!(
        (&*wires.incoming.names, wires.incoming.negated),
        (&["eth1.+".into()][..], false)
    );
    assert!(wires.outgoing.negated);
}

#[test]
fn everything_that_is_not_understood_is_told_at_once() {
    let told = wrong(
        "-A FORWARD -m quantum --spin up -j ACCEPT\n-A FORWARD -s 10.0.0.999 -j DROP\nnonsense\n\
         -A FORWARD -j NOWHERE\n-A FORWARD --dport x -p tcp -j DROP\n-A FORWARD -m comment --comment \"open",
    );
    assert_eq!(
        told,
        [
            "5:15 unknown match `quantum`",
            "6:15 `10.0.0.999` is no value of `-s`",
            "7:1 not a line of `iptables-save`",
            "8:1 `NOWHERE` is neither a chain of the table nor a known target",
            "9:20 `x` is no value of `--dport`",
            "10:33 the closing quote is missing",
        ]
    );
    assert_eq!(
        wrong("-N A\n-N B\n-A A -j B\n-A B -j A\n-A FORWARD -j A").len(),
        1
    );
    let cut = iptables(
        &[("a", b"*filter\n:FORWARD DROP [0:0]\n")],
        &Given::default(),
    );
    assert_eq!(cut.err().map(|r| r.problems.len()), Some(1));
    let twice = read(&[("a", CITY), ("b", CITY)], &Given::default());
    assert!(twice.is_err());
}

#[test]
fn unknown_things_can_be_taken_as_doubtful() {
    let text = table("-A FORWARD -m quantum --spin up -j ACCEPT\n-A FORWARD -j MAGIC --wand 1");
    let given = Given {
        doubts: vec!["quantum".to_owned(), "MAGIC".to_owned()],
        ..Given::default()
    };
    let imported = imported(&[("a", text.as_bytes())], &given);
    let rules = &imported.forwarding.filters[0].rules;
    let told: Vec<String> = rules[2..]
        .iter()
        .map(|r| format!("{:?} {}", r.action, r.conditions.join("; ")))
        .collect();
    assert_eq!(
        told,
        [
            "Allow quantum spin up",
            "Allow MAGIC decides",
            "Deny MAGIC decides"
        ]
    );
}

#[test]
fn the_typed_form_keeps_what_was_written() {
    let dumps = read(&[("city-hall.rules", CITY)], &Given::default()).expect("a dump");
    let filter = dumps[0].table("filter").expect("the table");
    let chain = filter.chain("SCREEN").expect("the chain");
    assert_eq!(chain.rules.len(), 4);
    assert_eq!(chain.rules[0].target, Target::Return);
    assert_eq!(chain.rules[1].of.ports[0].0, Side::Destination);
    assert_eq!(filter.chain("FORWARD").and_then(|c| c.policy), Some(false));
}

/// Marks are not tracked: whatever a table sets, a rule that asks for a mark may match and may not, and what
/// sets one decides nothing.
#[test]
fn a_mark_that_mangle_sets_is_in_doubt_where_it_is_asked_for() {
    let text = "*mangle\n-A PREROUTING -s 10.0.0.0/8 -j MARK --set-xmark 0x1/0xffffffff\n\
                -A FORWARD -j CONNMARK --restore-mark\nCOMMIT\n\
                *filter\n:FORWARD DROP [0:0]\n-A FORWARD -m mark --mark 0x1 -j ACCEPT\n\
                -A FORWARD -m mark ! --mark 0x2 -j DROP\n\
                -A FORWARD -m connmark --mark 0x1 -p tcp -j ACCEPT\nCOMMIT\n";
    let imported = imported(&[("fw.rules", text.as_bytes())], &Given::default());
    let [filter] = imported.forwarding.filters.as_slice() else {
        panic!("mangle drops nothing, so it is no filter: {imported:?}");
    };
    let own = filter.rules.iter().filter(|r| r.name.starts_with('L'));
    let asked: Vec<String> = own.map(|r| r.conditions.join(" and ")).collect();
    assert_eq!(
        asked,
        ["mark mark 0x1", "mark ! mark 0x2", "connmark mark 0x1"]
    );
}

/// A plan reaches the chains of an imported device; its rules are called by their lines.
#[test]
fn changes_reach_the_chains_of_an_imported_device() {
    let text = table(":WEB - [0:0]\n-A FORWARD -j WEB\n-A WEB -p tcp --dport 80 -j ACCEPT");
    let imported = imported(&[("fw.rules", text.as_bytes())], &Given::default());
    let scenario = r#"(title: "t", start: (date: "2023-07-01", model: Alpha), include: ["fw.ron"],
        sites: [(name: "hq", kind: Headquarters)],
        steps: [(id: "1", model: Alpha, date: "2023-08-01", changes: [
            RemoveRule(node: "fw", at: Forward, chain: "WEB", name: "L7"),
            AddRule(node: "fw", at: Forward, chain: "WEB", rule: Allow(name: "tls", service: ["tcp/443"])),
        ])])"#;
    let ron = imported.ron("fw", "hq", &[]);
    let files = Memory::new([("scenario.ron", scenario), ("fw.ron", ron.as_str())]);
    let loaded = load_from(&files, "scenario.ron").expect("the plan is understood");
    let names = |state: usize| {
        let nodes = &loaded.migration.states[state].network.nodes;
        let filters = nodes.iter().flat_map(|n| &n.forwarding.filters);
        let rules = filters.flat_map(|f| &f.chains).flat_map(|c| &c.rules);
        rules.map(|r| r.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(
        (names(0), names(1)),
        (vec!["L7".into()], vec!["tls".into()])
    );
    let said = loaded.migration.steps[0].changes[0].words();
    assert_eq!(said.en, "removing rule `L7` on `fw`, chain `WEB`");
    let proxy = scenario.replace("at: Forward", "at: Proxy");
    let files = Memory::new([("scenario.ron", proxy.as_str()), ("fw.ron", ron.as_str())]);
    let failed = load_from(&files, "scenario.ron").expect_err("a proxy has no chains");
    assert_eq!(
        failed.problems[0].message.en,
        "the rules of `Proxy` have no chains"
    );
}

/// Matches behind the target count, as they do on the device.
#[test]
fn matches_may_stand_behind_the_target() {
    let text = table(
        "-A FORWARD -s 10.0.0.0/8 -j ACCEPT -p tcp -m tcp --dport 22\n\
         -A FORWARD -s 172.16.0.0/12 -j ACCEPT -m state --state ESTABLISHED\n\
         -A FORWARD -j LOG --log-prefix \"x \" -p udp --dport 53",
    );
    let imported = imported(&[("a", text.as_bytes())], &Given::default());
    let rules = &imported.forwarding.filters[0].rules;
    let ports = rules.iter().map(|r| format!("{:?}", r.service.terms));
    let ports: Vec<String> = ports.filter(|t| t.contains("first: 22,")).collect();
    assert!(!ports.is_empty(), "{rules:#?}");
    let known: Vec<_> = rules.iter().map(|r| r.session).collect();
    assert!(known.contains(&SessionMatch::Known), "{known:?}");
}

/// What `iptables` refuses is refused.
#[test]
fn what_stands_twice_or_belongs_to_nothing_is_refused() {
    for line in [
        "-A FORWARD -j ACCEPT --foo bar",
        "-A FORWARD -i eth0 -i eth1 -j ACCEPT",
        "-A FORWARD -p tcp -p udp -j ACCEPT",
        "-A FORWARD -j ACCEPT -j DROP",
    ] {
        let text = table(line);
        let refused = iptables(&[("a", text.as_bytes())], &Given::default());
        assert!(refused.is_err(), "{line}");
    }
}

/// Two negated protocols on the way to a translation: neither of them, which the model has no words for.
#[test]
fn negated_protocols_in_two_chains_leave_a_doubt() {
    let text = "*nat\n:PREROUTING ACCEPT [0:0]\n:X - [0:0]\n-A PREROUTING ! -p tcp -j X\n\
                -A X ! -p udp -j DNAT --to-destination 10.0.0.9\nCOMMIT\n";
    let imported = imported(&[("a", text.as_bytes())], &Given::default());
    let nat = &imported.forwarding.nat;
    assert!(nat.iter().all(|r| !r.conditions.is_empty()), "{nat:#?}");
}
