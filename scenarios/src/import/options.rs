//! The options of one rule.
//!
//! In: its words. Out: a typed [`Rule`]. What can go wrong: an option, a match or a value that is not
//! known. Options follow the manual pages iptables(8) and iptables-extensions(8).

#![expect(
    clippy::result_large_err,
    reason = "problems are rare, and each ends the reading of an option"
)]

use super::dump::{Clause, Family, Flags, Match, Rule, Side, State, Target};
use super::tell;
use super::values;
use super::words::Word;
use utsushi_model::place::Place;
use utsushi_model::problem::Problem;

/// Matches whose options stand in [`Reading::decided`].
const DECIDED: [&str; 13] = [
    "tcp",
    "udp",
    "sctp",
    "dccp",
    "udplite",
    "icmp",
    "icmp6",
    "icmpv6",
    "state",
    "conntrack",
    "multiport",
    "iprange",
    "comment",
];

/// Matches that ask for more than the header, the session and the interfaces of the model.
const DOUBTFUL: [&str; 46] = [
    "addrtype",
    "ah",
    "bpf",
    "cgroup",
    "cluster",
    "connbytes",
    "connlabel",
    "connlimit",
    "connmark",
    "cpu",
    "devgroup",
    "dscp",
    "dst",
    "ecn",
    "esp",
    "eui64",
    "frag",
    "geoip",
    "hashlimit",
    "hbh",
    "helper",
    "hl",
    "ipcomp",
    "ipv6header",
    "ipvs",
    "layer7",
    "length",
    "limit",
    "mac",
    "mark",
    "mh",
    "nfacct",
    "osf",
    "owner",
    "physdev",
    "pkttype",
    "policy",
    "quota",
    "recent",
    "rpfilter",
    "rt",
    "set",
    "socket",
    "statistic",
    "string",
    "tcpmss",
];
const DOUBTFUL_TOO: [&str; 6] = ["time", "tos", "ttl", "u32", "realm", "rateest"];

/// Options of decided matches that ask for more all the same.
const OPEN_OPTIONS: [&str; 14] = [
    "--icmp-type",
    "--icmpv6-type",
    "--tcp-option",
    "--ctproto",
    "--ctorigsrc",
    "--ctorigdst",
    "--ctreplsrc",
    "--ctrepldst",
    "--ctorigsrcport",
    "--ctorigdstport",
    "--ctreplsrcport",
    "--ctrepldstport",
    "--ctstatus",
    "--ctexpire",
];

/// Targets after which the next rule is asked.
const NO_VERDICT: [&str; 25] = [
    "LOG",
    "NFLOG",
    "ULOG",
    "MARK",
    "CONNMARK",
    "SECMARK",
    "CONNSECMARK",
    "CLASSIFY",
    "DSCP",
    "TOS",
    "TTL",
    "HL",
    "TCPMSS",
    "TCPOPTSTRIP",
    "TRACE",
    "SET",
    "AUDIT",
    "CHECKSUM",
    "IDLETIMER",
    "LED",
    "RATEEST",
    "HMARK",
    "TEE",
    "ECN",
    "CLUSTERIP",
];

/// One rule being read.
pub(super) struct Reading<'w> {
    words: &'w [Word],
    at: usize,
    place: &'w Place,
    family: Family,
    doubts: &'w [String],
    of: Match,
    comment: Option<String>,
    target: Option<String>,
    goto: bool,
    /// Options of the target with their values.
    options: Vec<(String, Vec<String>)>,
    /// The doubtful match that was named last.
    module: Option<String>,
    /// Whether a match was named behind the target.
    matching: bool,
}

impl<'w> Reading<'w> {
    pub(super) fn new(
        words: &'w [Word],
        place: &'w Place,
        family: Family,
        doubts: &'w [String],
    ) -> Self {
        Self {
            words,
            at: 0,
            place,
            family,
            doubts,
            of: Match::default(),
            comment: None,
            target: None,
            goto: false,
            options: Vec::new(),
            module: None,
            matching: false,
        }
    }

    /// The rule, unless something in it is wrong.
    pub(super) fn rule(mut self, problems: &mut Vec<Problem>) -> Option<Rule> {
        let before = problems.len();
        while self.at < self.words.len() {
            if let Err(problem) = self.option() {
                problems.push(problem);
                self.skip();
            }
        }
        let target = self.end(problems);
        (problems.len() == before).then_some(())?;
        Some(Rule {
            of: self.of,
            target: target?,
            comment: self.comment,
            place: self.place.clone(),
        })
    }

    fn here(&self) -> Place {
        let word = self.words.get(self.at).or(self.words.last());
        Place {
            column: word.map_or(1, |w| w.column),
            length: word
                .map_or(1, |w| u32::try_from(w.text.chars().count()).unwrap_or(1))
                .max(1),
            ..self.place.clone()
        }
    }

    /// Moves to the next option, after one that was not understood.
    fn skip(&mut self) {
        self.at += 1;
        while self.words.get(self.at).is_some_and(|w| !w.is_option()) {
            self.at += 1;
        }
    }

    /// The value of the option just read.
    fn value(&mut self, option: &str) -> Result<&'w str, Problem> {
        let Some(word) = self.words.get(self.at) else {
            let (ja, en) = (
                format!("`{option}` の値"),
                format!("the value of `{option}`"),
            );
            return Err(tell::missing(&self.here(), &ja, &en));
        };
        self.at += 1;
        Ok(&word.text)
    }

    /// A value with the old form of negation: `-s ! 10.0.0.0/8`.
    fn clause<T>(
        &mut self,
        option: &str,
        negated: bool,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Clause<T>, Problem> {
        let old = self
            .words
            .get(self.at)
            .is_some_and(|w| w.text == "!" && !w.quoted);
        if old {
            self.at += 1;
        }
        let text = self.value(option)?;
        let Some(of) = read(text) else {
            self.at -= 1;
            return Err(tell::value(&self.here(), option, text));
        };
        let negated = negated != old;
        Ok(Clause { of, negated })
    }

    fn option(&mut self) -> Result<(), Problem> {
        let start = self.at;
        let negated = self.words[self.at].text == "!" && !self.words[self.at].quoted;
        if negated {
            self.at += 1;
        }
        let Some(word) = self.words.get(self.at) else {
            return Err(tell::missing(
                &self.here(),
                "`!` の後の条件",
                "the match behind `!`",
            ));
        };
        if !word.is_option() {
            return Err(tell::unknown(&self.here(), "語", "word", &word.text));
        }
        self.at += 1;
        let option = word.text.as_str();
        if self.basic(option, negated)? || self.decided(option, negated)? {
            return Ok(());
        }
        // Matches may stand behind the target; what is none of theirs belongs to a target that takes options.
        let of_target = self
            .target
            .as_deref()
            .is_some_and(|target| takes(target, option) || self.doubts.iter().any(|d| d == target));
        if of_target && !self.matching && !negated {
            let values = self.values();
            self.options.push((option.to_owned(), values));
            return Ok(());
        }
        let open = OPEN_OPTIONS.contains(&option) || option == "--ctdir";
        let module = if open {
            Some(String::new())
        } else {
            self.module.clone()
        };
        let Some(module) = module else {
            self.at = start + usize::from(negated);
            return Err(tell::unknown(&self.here(), "オプション", "option", option));
        };
        let values = self.values();
        if !(open
            && values.iter().all(|v| v == "any" || v == "255")
            && !negated
            && option.ends_with("-type"))
        {
            self.doubt(&module, negated, option, &values);
        }
        Ok(())
    }

    /// The words up to the next option.
    fn values(&mut self) -> Vec<String> {
        let mut out = Vec::new();
        while let Some(word) = self.words.get(self.at).filter(|w| !w.is_option()) {
            out.push(word.text.clone());
            self.at += 1;
        }
        out
    }

    /// Notes a clause that cannot be decided, as it is written.
    fn doubt(&mut self, module: &str, negated: bool, option: &str, values: &[String]) {
        let not = if negated { "! " } else { "" };
        let option = option.trim_start_matches('-');
        let clause = format!("{not}{option} {}", values.join(" "));
        let text = format!("{module} {}", clause.trim());
        let clean: String = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        self.of.doubts.push(clean.trim().to_owned());
    }

    /// Options of every rule.
    fn basic(&mut self, option: &str, negated: bool) -> Result<bool, Problem> {
        let family = self.family;
        match option {
            "-s" | "--source" | "--src" => {
                let clause = self.clause(option, negated, |t| values::addresses(t, family))?;
                self.of.source.push(clause);
            }
            "-d" | "--destination" | "--dst" => {
                let clause = self.clause(option, negated, |t| values::addresses(t, family))?;
                self.of.destination.push(clause);
            }
            "-i" | "--in-interface" => {
                self.once(option, self.of.incoming.is_some())?;
                self.of.incoming = Some(self.clause(option, negated, values::interface)?);
            }
            "-o" | "--out-interface" => {
                self.once(option, self.of.outgoing.is_some())?;
                self.of.outgoing = Some(self.clause(option, negated, values::interface)?);
            }
            "-p" | "--protocol" | "--proto" => {
                self.once(option, self.of.protocol.is_some())?;
                let clause = self.clause(option, negated, values::protocol)?;
                self.of.protocol = clause.of.map(|of| Clause {
                    of,
                    negated: clause.negated,
                });
            }
            "-f" | "--fragment" => self.doubt("fragment", negated, "", &[]),
            "-c" | "--set-counters" => {
                self.values();
            }
            "-4" | "--ipv4" | "-6" | "--ipv6" => {}
            "-m" | "--match" => {
                self.matching = self.target.is_some();
                self.module()?;
            }
            "-j" | "--jump" | "-g" | "--goto" => {
                self.once(option, self.target.is_some())?;
                (self.module, self.matching) = (None, false);
                self.goto = matches!(option, "-g" | "--goto");
                self.target = Some(self.value(option)?.to_owned());
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Refuses what `iptables` refuses: an option that stands twice.
    fn once(&self, option: &str, there: bool) -> Result<(), Problem> {
        if !there {
            return Ok(());
        }
        Err(tell::beyond(
            &self.here(),
            &format!("`{option}` が一つの行に二度ある"),
            &format!("`{option}` is on this line twice"),
            (
                "一つだけ残すか、行を分ける",
                "keep one of them, or divide the line",
            ),
        ))
    }

    fn module(&mut self) -> Result<(), Problem> {
        let name = self.value("-m")?;
        if DECIDED.contains(&name) {
            self.module = None;
        } else if DOUBTFUL.contains(&name)
            || DOUBTFUL_TOO.contains(&name)
            || self.doubts.iter().any(|d| d == name)
        {
            self.module = Some(name.to_owned());
            // A match without options (`-m socket`, `-m rpfilter`) asks something all the same.
            if self
                .words
                .get(self.at)
                .is_none_or(|w| w.text.starts_with('-') && !w.text.starts_with("--"))
            {
                self.doubt(name, false, "", &[]);
            }
        } else {
            // Its options are not told as well.
            self.module = Some(name.to_owned());
            self.at -= 1;
            return Err(tell::unknown(&self.here(), "マッチ", "match", name));
        }
        Ok(())
    }

    /// Options of the matches that can be decided.
    fn decided(&mut self, option: &str, negated: bool) -> Result<bool, Problem> {
        match option {
            "--sport" | "--source-port" | "--sports" | "--source-ports" => {
                let clause = self.clause(option, negated, values::ports)?;
                self.of.ports.push((Side::Source, clause));
            }
            "--dport" | "--destination-port" | "--dports" | "--destination-ports" => {
                let clause = self.clause(option, negated, values::ports)?;
                self.of.ports.push((Side::Destination, clause));
            }
            "--ports" | "--port" if self.module.is_none() => {
                let clause = self.clause(option, negated, values::ports)?;
                self.of.ports.push((Side::Either, clause));
            }
            "--syn" => self.of.flags.push(Clause {
                of: Flags {
                    mask: 0x17,
                    set: 0x02,
                },
                negated,
            }),
            "--tcp-flags" => {
                let mask = self.clause(option, negated, values::flags)?;
                let set = self.clause(option, false, values::flags)?;
                let of = Flags {
                    mask: mask.of,
                    set: set.of,
                };
                self.of.flags.push(Clause {
                    of,
                    negated: mask.negated,
                });
            }
            "--src-range" => {
                let family = self.family;
                let clause = self.clause(option, negated, |t| values::range(t, family))?;
                self.of.source.push(clause);
            }
            "--dst-range" => {
                let family = self.family;
                let clause = self.clause(option, negated, |t| values::range(t, family))?;
                self.of.destination.push(clause);
            }
            "--state" | "--ctstate" => {
                let clause = self.clause(option, negated, values::states)?;
                self.of.states.push(clause);
            }
            "--comment" => {
                let text = self.value(option)?;
                self.comment = Some(match self.comment.take() {
                    Some(before) => format!("{before} / {text}"),
                    None => text.to_owned(),
                });
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// What the target means.
    fn end(&mut self, problems: &mut Vec<Problem>) -> Option<Target> {
        let Some(name) = self.target.clone() else {
            return Some(Target::Nothing);
        };
        if self.goto {
            return Some(Target::Goto(name));
        }
        let has = |option: &str| self.options.iter().any(|(o, _)| o == option);
        let value = |options: &[&str]| {
            let found = self
                .options
                .iter()
                .find(|(o, _)| options.contains(&o.as_str()));
            found.and_then(|(_, values)| values.first().cloned())
        };
        let family = self.family;
        let mut needed = |option: &str, read: Option<Target>| {
            if read.is_none() {
                let shown = value(&[option]).unwrap_or_default();
                problems.push(tell::value(self.place, option, &shown));
            }
            read
        };
        Some(match name.as_str() {
            "ACCEPT" => Target::Accept,
            "DROP" | "REJECT" | "TARPIT" | "SYNPROXY" | "STEAL" => Target::Drop,
            "RETURN" => Target::Return,
            "NOTRACK" => Target::Untracked,
            "CT" if has("--notrack") => Target::Untracked,
            "CT" => Target::Nothing,
            "QUEUE" | "NFQUEUE" | "TPROXY" => Target::Unknown(name),
            "DNAT" => {
                let all = self.options.iter().filter(|(o, _)| o == "--to-destination");
                let all = all
                    .flat_map(|(_, values)| values)
                    .map(|v| values::target(v, family));
                let all: Option<Vec<_>> = all.collect();
                needed(
                    "--to-destination",
                    all.filter(|a| !a.is_empty()).map(Target::Dnat),
                )?
            }
            "SNAT" => {
                let all = self.options.iter().filter(|(o, _)| o == "--to-source");
                let all = all
                    .flat_map(|(_, values)| values)
                    .map(|v| values::target(v, family));
                let all: Option<Vec<_>> = all.map(|t| t.map(|(range, _)| range)).collect();
                needed(
                    "--to-source",
                    all.filter(|a| !a.is_empty()).map(Target::Snat),
                )?
            }
            "MASQUERADE" => Target::Masquerade,
            "REDIRECT" => {
                let port = value(&["--to-ports", "--to-port"]);
                let read = match port {
                    None => Some(None),
                    Some(text) => text
                        .split('-')
                        .next()
                        .and_then(|p| p.parse().ok())
                        .map(Some),
                };
                needed("--to-ports", read.map(Target::Redirect))?
            }
            "NETMAP" => {
                let to = value(&["--to"]).and_then(|t| values::addresses(&t, family));
                let one = to.and_then(|ranges| match ranges.as_slice() {
                    [one] => Some(Target::Netmap(*one)),
                    _ => None,
                });
                needed("--to", one)?
            }
            known if NO_VERDICT.contains(&known) => Target::Nothing,
            _ => Target::Jump(name),
        })
    }
}

/// Whether a target takes an option. Targets without a verdict may take any: whatever they do, the next rule
/// is asked. Chains, `ACCEPT`, `DROP` and `RETURN` take none.
fn takes(target: &str, option: &str) -> bool {
    const ADDRESSES: [&str; 6] = [
        "--to-destination",
        "--to-source",
        "--to-ports",
        "--to-port",
        "--to",
        "--random",
    ];
    match target {
        "DNAT" | "SNAT" | "MASQUERADE" | "REDIRECT" | "NETMAP" => {
            ADDRESSES.contains(&option) || matches!(option, "--random-fully" | "--persistent")
        }
        "REJECT" | "TARPIT" | "SYNPROXY" | "CT" | "NFQUEUE" | "TPROXY" => true,
        known => NO_VERDICT.contains(&known),
    }
}

/// The states of a clause.
pub(super) fn state(word: &str) -> Option<State> {
    Some(match word {
        "INVALID" => State::Invalid,
        "NEW" => State::New,
        "ESTABLISHED" => State::Established,
        "RELATED" => State::Related,
        "UNTRACKED" => State::Untracked,
        "SNAT" | "DNAT" => State::Translated,
        _ => return None,
    })
}
