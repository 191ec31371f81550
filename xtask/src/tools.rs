//! The tools the steps need, how to see whether each is there, and how to get it.
//!
//! In: the machine as it is. Out: a machine on which every tool of [`TOOLS`]
//! answers. What can go wrong: a tool is missing and rustup, root or sudo is missing
//! too; then the message names what to install by hand.
//!
//! To add a tool, add a row to [`TOOLS`]; nothing else changes.

use std::process::{Command, Stdio};

/// A program the steps call, and where it comes from.
struct Tool {
    /// Program and arguments that succeed exactly when the tool is there.
    probe: &'static [&'static str],
    source: Source,
}

/// Where a missing tool comes from.
#[derive(Clone, Copy)]
enum Source {
    /// A component of the toolchain, installed by rustup.
    Component(&'static str),
    /// A Debian package, installed by apt-get.
    Package(&'static str),
}

/// Everything the steps need beyond cargo itself.
const TOOLS: &[Tool] = &[
    Tool {
        probe: &["cargo", "fmt", "--version"],
        source: Source::Component("rustfmt"),
    },
    Tool {
        probe: &["cargo", "clippy", "--version"],
        source: Source::Component("clippy"),
    },
    // rustc calls the C compiler to link; a copied target directory may arrive without one.
    Tool {
        probe: &["cc", "--version"],
        source: Source::Package("gcc"),
    },
    // The kernel test builds networks of namespaces, on Linux only.
    #[cfg(target_os = "linux")]
    Tool {
        probe: &["ip", "-V"],
        source: Source::Package("iproute2"),
    },
    #[cfg(target_os = "linux")]
    Tool {
        probe: &["nft", "--version"],
        source: Source::Package("nftables"),
    },
];

/// What this machine lets us do about a missing tool.
#[derive(Clone, Copy)]
struct Machine {
    rustup: bool,
    root: bool,
    sudo: bool,
    apt: bool,
}

/// Makes sure that every tool answers, installing what is missing.
///
/// # Errors
/// Names the first tool that is missing and cannot be installed.
pub fn ensure_all() -> Result<(), String> {
    TOOLS.iter().try_for_each(ensure)
}

fn ensure(tool: &Tool) -> Result<(), String> {
    let name = tool.probe.join(" ");
    if answers(tool.probe) {
        crate::say(&format!("present: {name}"));
        return Ok(());
    }
    for command in remedy(tool.source, Machine::here())? {
        crate::say(&format!("missing: {name}; running: {}", command.join(" ")));
        run(&command)?;
    }
    if answers(tool.probe) {
        Ok(())
    } else {
        Err(format!("`{name}` still does not answer after installing"))
    }
}

impl Machine {
    fn here() -> Machine {
        Machine {
            rustup: answers(&["rustup", "--version"]),
            root: output_of("id", "-u").as_deref() == Some("0"),
            sudo: answers(&["sudo", "-n", "true"]),
            apt: answers(&["apt-get", "--version"]),
        }
    }
}

/// The commands that install `source` on `machine`, or a message that names it.
fn remedy(source: Source, machine: Machine) -> Result<Vec<Vec<&'static str>>, String> {
    match source {
        Source::Component(name) if machine.rustup => {
            Ok(vec![vec!["rustup", "component", "add", name]])
        }
        Source::Component(name) => Err(format!(
            "the toolchain component `{name}` is missing and there is no rustup: install `{name}` by hand"
        )),
        Source::Package(name) if machine.apt && (machine.root || machine.sudo) => {
            let update = vec!["apt-get", "update"];
            let install = vec!["apt-get", "install", "--yes", name];
            let commands = [update, install].map(|command| as_root(command, machine));
            Ok(commands.to_vec())
        }
        Source::Package(name) => Err(format!(
            "the Debian package `{name}` is missing and cannot be installed from here: run `apt-get install {name}` as root"
        )),
    }
}

fn as_root(command: Vec<&'static str>, machine: Machine) -> Vec<&'static str> {
    if machine.root {
        command
    } else {
        [vec!["sudo", "-n"], command].concat()
    }
}

fn answers(command: &[&str]) -> bool {
    // Where network tools lie is not on everybody's path.
    let path = std::env::var("PATH").unwrap_or_default() + ":/usr/sbin:/sbin";
    let status = Command::new(command[0])
        .args(&command[1..])
        .env("PATH", path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

fn output_of(program: &str, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn run(command: &[&str]) -> Result<(), String> {
    let line = command.join(" ");
    let status = Command::new(command[0])
        .args(&command[1..])
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .status()
        .map_err(|error| format!("`{line}`: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{line}`: {status}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BARE: Machine = Machine {
        rustup: false,
        root: false,
        sudo: false,
        apt: false,
    };

    #[test]
    fn a_component_comes_from_rustup_or_is_named() {
        let with_rustup = Machine {
            rustup: true,
            ..BARE
        };
        let commands = remedy(Source::Component("clippy"), with_rustup);
        assert_eq!(
            commands,
            Ok(vec![vec!["rustup", "component", "add", "clippy"]])
        );
        let message = remedy(Source::Component("clippy"), BARE).unwrap_err();
        assert!(message.contains("`clippy`"), "{message}");
    }

    #[test]
    fn a_package_needs_apt_and_root_or_sudo_or_is_named() {
        let root = Machine {
            root: true,
            apt: true,
            ..BARE
        };
        let sudo = Machine {
            sudo: true,
            apt: true,
            ..BARE
        };
        let last = |machine| {
            remedy(Source::Package("gcc"), machine).map(|commands| commands.concat().join(" "))
        };
        assert_eq!(
            last(root),
            Ok("apt-get update apt-get install --yes gcc".to_owned())
        );
        assert_eq!(
            last(sudo),
            Ok("sudo -n apt-get update sudo -n apt-get install --yes gcc".to_owned())
        );
        for machine in [BARE, Machine { root: true, ..BARE }] {
            let message = last(machine).unwrap_err();
            assert!(message.contains("apt-get install gcc"), "{message}");
        }
    }

    #[test]
    fn a_program_that_does_not_exist_does_not_answer() {
        assert!(!answers(&["utsushi-no-such-program"]));
    }
}
