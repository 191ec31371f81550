//! The scripts of a lab, and the settings that they apply.
//!
//! Goes in: a lab. Comes out: `up`, `probe`, `down`, the script `enter` that settles one namespace, and the
//! files they read. They need `sh`, iproute2, nftables, util-linux and `utsushi` itself; they run as root, or
//! without it in `unshare -Urnm`.

use crate::route::{Family, batch};
use crate::space::{Kind, Space};
use crate::{File, Lab, nft};
use std::fmt::Write;
use utsushi_model::finding::Packet;

/// What the names of the lab's namespaces begin with, so that they do not meet others of the machine.
pub const PREFIX: &str = "lab-";

/// Where the lab keeps what it writes while it is up: results, arrivals, process numbers.
pub const RUN: &str = "run";

const BEGIN: &str = r#"#!/bin/sh
set -eu
cd "$(dirname "$0")"
: "${UTSUSHI:=utsushi}"
PATH=$PATH:/usr/sbin:/sbin
export UTSUSHI PATH
"#;

/// Finds out what is missing, and makes a place for namespaces where there is none to write to.
const READY: &str = r#"for tool in ip nft nsenter mount "$UTSUSHI"; do
  command -v "$tool" >/dev/null || { echo "up: \`$tool\` is missing: install iproute2, nftables and util-linux, and set UTSUSHI to the command utsushi" >&2; exit 2; }
done
if [ "$(id -u)" != 0 ]; then
  echo "up: no right to make network namespaces: run it as root, or in \`unshare -Urnm sh\`" >&2; exit 2
fi
if ls /run/netns/PREFIX* >/dev/null 2>&1; then
  echo "up: a lab is up already: run its down first" >&2; exit 2
fi
read -r _ _ ids < /proc/self/uid_map
if [ "$ids" != 4294967295 ]; then
  if [ -d /run/netns ] || mkdir -p /run/netns 2>/dev/null; then place=/run/netns; else place=/run; fi
  mount -t tmpfs lab $place || { echo "up: no place for network namespaces: run it as root, or in \`unshare -Urnm sh\`" >&2; exit 2; }
fi
mkdir -p /run/netns RUN
"#;

/// Settles a namespace from inside: `enter NAME node|segment`.
const ENTER: &str = r#"sys=/proc/sys/net
for file in $sys/ipv4/conf/*/rp_filter $sys/ipv4/conf/*/send_redirects $sys/ipv6/conf/*/disable_ipv6 $sys/ipv6/conf/*/accept_ra; do
  if [ -e "$file" ]; then echo 0 > "$file"; fi
done
case $2 in
  node)
    echo 1 > $sys/ipv4/ip_forward
    echo 1 > $sys/ipv6/conf/all/forwarding ;;
  segment)
    echo 1 > $sys/ipv4/conf/all/accept_local ;;
esac
ip -4 -batch "net/$1.ip4"
ip -6 -batch "net/$1.ip6"
if [ -s "net/$1.nft" ]; then nft -f "net/$1.nft"; fi
if [ -e $sys/netfilter/nf_conntrack_tcp_loose ]; then echo 0 > $sys/netfilter/nf_conntrack_tcp_loose; fi
"#;

/// Waits until every listener has said that it listens.
const LISTENING: &str = r#"for name in $listeners; do
  tries=0
  until [ -e "RUN/$name.ready" ]; do
    tries=$((tries + 1))
    if [ $tries -gt 400 ]; then echo "up: nobody listens in $name:" >&2; cat "RUN/$name.log" >&2; exit 1; fi
    sleep 0.02
  done
done
"#;

fn script(path: &str, text: &str) -> File {
    File {
        path: path.to_owned(),
        text: text.replace("RUN", RUN).replace("PREFIX", PREFIX),
        script: true,
    }
}

fn kind(space: &Space) -> &'static str {
    match space.kind {
        Kind::Node(_) => "node",
        Kind::Segment(_) => "segment",
    }
}

/// The words of some namespaces' names, for a loop of the shell.
fn named<'s>(spaces: impl Iterator<Item = &'s Space>) -> String {
    spaces
        .map(|s| s.name.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The scripts.
#[must_use]
pub fn scripts(lab: &Lab<'_>) -> Vec<File> {
    let spaces = &lab.layout.spaces;
    let of_kind = |wanted: &'static str| named(spaces.iter().filter(|s| kind(s) == wanted));
    let all = named(spaces.iter());
    let inhabited = |space: &&Space| match space.kind {
        Kind::Segment(at) => lab.hosts.contains_key(&at.0),
        Kind::Node(_) => false,
    };
    let senders = |space: &&Space| match space.kind {
        Kind::Segment(at) => lab.probes.iter().any(|(probe, _)| probe.from == at),
        Kind::Node(_) => false,
    };
    let listeners = named(spaces.iter().filter(inhabited));
    let senders = named(spaces.iter().filter(senders));
    let up = [
        BEGIN,
        READY,
        "ip -batch wires.ip\n",
        &format!("for name in {}; do nsenter --net=/run/netns/PREFIX$name ./enter \"$name\" node; done\n", of_kind("node")),
        &format!("for name in {}; do nsenter --net=/run/netns/PREFIX$name ./enter \"$name\" segment; done\n", of_kind("segment")),
        &format!("listeners=\"{listeners}\"\n"),
        "for name in $listeners; do\n  nsenter --net=/run/netns/PREFIX$name \"$UTSUSHI\" lab-agent listen \"net/$name.listen\" \"RUN/$name.ready\" >\"RUN/$name.arrivals\" 2>\"RUN/$name.log\" &\n  echo $! >> RUN/pids\ndone\n",
        LISTENING,
    ]
    .concat();
    let probe = [
        BEGIN,
        "if [ ! -e RUN/pids ]; then echo \"probe: no lab is up: run up first\" >&2; exit 2; fi\n",
        &format!("for name in {senders}; do\n"),
        "  nsenter --net=/run/netns/PREFIX$name \"$UTSUSHI\" lab-agent probe probes.csv \"$name\" >\"RUN/$name.results\" &\n  waiting=\"${waiting-} $!\"\ndone\nfor one in ${waiting-}; do wait \"$one\"; done\n",
        "exec \"$UTSUSHI\" lab-agent judge .\n",
    ]
    .concat();
    let down = [
        BEGIN,
        "if [ -e RUN/pids ]; then while read -r pid; do kill \"$pid\" 2>/dev/null || :; done < RUN/pids; fi\n",
        &format!("for name in {all}; do ip netns del \"PREFIX$name\" 2>/dev/null || :; done\nrm -rf RUN\n"),
    ]
    .concat();
    let enter = [BEGIN, ENTER].concat();
    [
        ("up", up),
        ("probe", probe),
        ("down", down),
        ("enter", enter),
    ]
    .map(|(path, text)| script(path, &text))
    .to_vec()
}

fn plain(path: String, text: String) -> File {
    File {
        path,
        text,
        script: false,
    }
}

/// What the scripts read.
#[must_use]
pub fn settings(lab: &Lab<'_>) -> Vec<File> {
    let mut files = vec![
        plain("wires.ip".to_owned(), wires(lab)),
        plain("names.csv".to_owned(), names(lab)),
        plain("probes.csv".to_owned(), probes(lab)),
    ];
    for space in &lab.layout.spaces {
        let name = &space.name;
        for (family, ending) in [(Family::V4, "ip4"), (Family::V6, "ip6")] {
            files.push(plain(
                format!("net/{name}.{ending}"),
                batch(lab, space, family),
            ));
        }
        match space.kind {
            Kind::Node(_) => {}
            Kind::Segment(at) if lab.hosts.contains_key(&at.0) => {
                files.push(plain(
                    format!("net/{name}.listen"),
                    listeners(lab, space, at.0),
                ));
            }
            Kind::Segment(_) => {}
        }
        let table = match space.kind {
            Kind::Node(node) => nft::table(lab, node),
            Kind::Segment(segment) => nft::inside(lab, segment),
        };
        if !table.is_empty() {
            files.push(plain(format!("net/{name}.nft"), table));
        }
    }
    files
}

/// Namespaces and the pairs between them.
fn wires(lab: &Lab<'_>) -> String {
    let spaces = &lab.layout.spaces;
    let mut text = String::new();
    for space in spaces {
        let _ = writeln!(text, "netns add {PREFIX}{}", space.name);
    }
    for ((a, at), (b, bt)) in &lab.layout.wires {
        let end = |space: usize, interface: usize| {
            let interface = &spaces[space].interfaces[interface];
            let (space, name, own) = (&spaces[space].name, &interface.name, &interface.own);
            format!("{name} netns {PREFIX}{space} address {own}")
        };
        let _ = writeln!(
            text,
            "link add {} type veth peer name {}",
            end(*a, *at),
            end(*b, *bt)
        );
    }
    text
}

/// A value of a table; quoted where it holds what would end it.
fn cell(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// What things are called in the lab and in the scenario.
fn names(lab: &Lab<'_>) -> String {
    let mut text = "kind,namespace,interface,scenario_name,scenario_interface\n".to_owned();
    for space in &lab.layout.spaces {
        let known_as = cell(&space.known_as);
        let head = format!("{},{PREFIX}{}", kind(space), space.name);
        let _ = writeln!(text, "{head},,{known_as},");
        for interface in &space.interfaces {
            let (name, known) = (&interface.name, cell(&interface.known_as));
            let _ = writeln!(text, "{head},{name},{known_as},{known}");
        }
    }
    text
}

/// The columns of `probes.csv`.
pub const PROBE_COLUMNS: &str =
    "id,from,protocol,source,source_port,destination,destination_port,arrives,answered,at,why";

/// What is tried, with what is expected.
fn probes(lab: &Lab<'_>) -> String {
    let mut text = format!("{PROBE_COLUMNS}\n");
    for (id, (probe, expected)) in lab.probes.iter().enumerate() {
        let Packet {
            src,
            dst,
            protocol,
            src_port,
            dst_port,
        } = probe.packet;
        let from = &lab.layout.segment(probe.from).name;
        let mut at: Vec<&str> = Vec::new();
        for (segment, _) in &expected.arrivals {
            let name = lab.layout.segment(*segment).name.as_str();
            if !at.contains(&name) {
                at.push(name);
            }
        }
        let _ = writeln!(
            text,
            "{id},{from},{protocol},{src},{src_port},{dst},{dst_port},{},{},{},{}",
            expected.arrives.word(),
            expected.answered.word(),
            at.join("+"),
            expected.why()
        );
    }
    text
}

/// What a segment's listeners answer to: their name, then protocol, address and port.
fn listeners(lab: &Lab<'_>, space: &Space, at: usize) -> String {
    let mut text = format!("name {}\n", space.name);
    for (protocol, port) in &lab.ports {
        for address in lab.hosts.get(&at).into_iter().flatten() {
            let _ = writeln!(text, "{protocol} {address} {port}");
        }
    }
    text
}
