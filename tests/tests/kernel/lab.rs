//! One lab: written, brought up in namespaces of its own, tried, compared.

use super::engines;
use super::networks::day;
use std::fmt::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, OnceLock};
use utsushi_lab::agent::judge;
use utsushi_lab::{Lab, Probe};
use utsushi_model::network::Network;
use utsushi_sim::plane::Plane;

/// What came of some labs.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Trial {
    pub(crate) tried: usize,
    pub(crate) answered: usize,
    pub(crate) open: usize,
}

impl Trial {
    pub(crate) fn add(&mut self, other: &Self) {
        self.tried += other.tried;
        self.answered += other.answered;
        self.open += other.open;
    }
}

/// Tries packets in the lab of a network; an error tells every difference.
pub(crate) fn try_out(network: Network, probes: &[Probe]) -> Result<Trial, String> {
    let plane = Plane::compile(Arc::new(network), day());
    let lab = Lab::new(&plane, probes, &[]);
    engines::agree(&lab)?;
    let folder = tempfile::tempdir().expect("a folder to write to");
    write(&lab, folder.path());
    bring_up(folder.path())?;
    let judgement = judge(folder.path()).map_err(|error| error.to_string())?;
    if judgement.differences.is_empty() {
        return Ok(Trial {
            tried: judgement.tried,
            answered: judgement.answered,
            open: judgement.open,
        });
    }
    let mut text = String::new();
    for difference in &judgement.differences {
        let _ = writeln!(text, "{difference:#?}");
        let (probe, expected) = &lab.probes[difference.id];
        let _ = writeln!(text, "{expected:?}");
        let walked = utsushi_sim::plane::trace::exchange(&plane, probe.from, probe.packet);
        for path in walked.forward.iter().chain(&walked.answers) {
            let _ = writeln!(text, "{:?}", path.disposition);
            for hop in &path.hops {
                let _ = writeln!(
                    text,
                    "  {} {:?} {:?} {:?}",
                    hop.node, hop.stage, hop.decision, hop.rule
                );
            }
        }
    }
    // The folder stays for whoever looks for the cause.
    let kept = folder.keep();
    Err(format!("{text}\nthe lab is kept in {}", kept.display()))
}

/// Writes the files of a lab.
fn write(lab: &Lab<'_>, folder: &Path) {
    for file in lab.files() {
        let path = folder.join(&file.path);
        std::fs::create_dir_all(path.parent().expect("a folder above")).expect("it can be made");
        std::fs::write(&path, &file.text).expect("it can be written");
        if file.script {
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(&path, mode).expect("it can be made a script");
        }
    }
}

/// Runs `up`, `probe` and `down` in namespaces of their own, which end with them.
fn bring_up(folder: &Path) -> Result<(), String> {
    let script = "./up && { ./probe || [ $? = 1 ]; }; code=$?; ./down; exit $code";
    let keep = "cp -r run told 2>/dev/null; ";
    let script = script.replace("./down", &format!("{keep}./down"));
    let out = Command::new("unshare")
        .args(unshared())
        .args(["--pid", "--fork", "--kill-child", "sh", "-c", &script])
        .current_dir(folder)
        .env("UTSUSHI", env!("CARGO_BIN_EXE_lab-agent"))
        .output()
        .map_err(|error| format!("`unshare` (package util-linux): {error}"))?;
    if !out.status.success() {
        return Err(format!(
            "the lab in {} does not come up ({}):\n{}{}",
            folder.display(),
            out.status,
            String::from_utf8_lossy(&out.stdout),
            String::from_utf8_lossy(&out.stderr)
        ));
    }
    std::fs::rename(folder.join("told"), folder.join("run")).map_err(|error| error.to_string())
}

/// How namespaces are made here: without root where the kernel allows it, else as root.
fn unshared() -> &'static [&'static str] {
    const WAYS: [&[&str]; 2] = [
        &["--user", "--map-root-user", "--net", "--mount"],
        &["--net", "--mount"],
    ];
    static WAY: OnceLock<Result<&[&str], String>> = OnceLock::new();
    let found = WAY.get_or_init(|| {
        let mut complaints = String::new();
        for way in WAYS {
            let tried = Command::new("unshare").args(way).arg("true").output();
            match tried {
                Ok(out) if out.status.success() => return Ok(way),
                Ok(out) => complaints += &String::from_utf8_lossy(&out.stderr),
                Err(error) => complaints += &format!("unshare: {error}\n"),
            }
        }
        Err(complaints)
    });
    match found {
        Ok(way) => way,
        Err(why) => panic!(
            "no network namespaces can be made here, so the kernel cannot be asked:\n{why}\
             run the test as root, or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, \
             user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns=0)"
        ),
    }
}
