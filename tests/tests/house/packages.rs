//! Which package may depend on which.
//!
//! In: the `Cargo.toml` of every package. Out: a complaint for each dependency on
//! another package of ours that [`MAY_USE`] does not list, for each package the
//! table does not know, and for each that does not take the lints of the workspace.
//! Development dependencies are free: cargo keeps them out of the shipped graph.

use toml::Table;
use utsushi_tests::tree::{File, Tree};

use crate::{assert_caught, assert_kept};

/// For every package of ours, the packages of ours it may depend on.
const MAY_USE: &[(&str, &[&str])] = &[
    ("utsushi-model", &[]),
    ("utsushi-scenarios", &["utsushi-model"]),
    ("utsushi-sim", &["utsushi-model"]),
    ("utsushi-lab", &["utsushi-model", "utsushi-sim"]),
    ("utsushi-viz", &["utsushi-model"]),
    (
        "utsushi",
        &[
            "utsushi-model",
            "utsushi-scenarios",
            "utsushi-sim",
            "utsushi-lab",
            "utsushi-viz",
        ],
    ),
    (
        "utsushi-tests",
        &[
            "utsushi-model",
            "utsushi-scenarios",
            "utsushi-sim",
            "utsushi-lab",
            "utsushi-viz",
            "utsushi",
        ],
    ),
    // Whoever measures a chart or a verb adds the package here and says so in benches/README.md.
    (
        "utsushi-benches",
        &["utsushi-model", "utsushi-scenarios", "utsushi-sim"],
    ),
    ("xtask", &[]),
];

/// The tables of a manifest that end up in the shipped graph.
const DEPENDENCIES: [&str; 2] = ["dependencies", "build-dependencies"];

fn directions(tree: &Tree) -> Vec<String> {
    let manifests = tree
        .files
        .iter()
        .filter(|file| file.path.ends_with("/Cargo.toml"))
        // A workspace of its own, which ships nothing.
        .filter(|file| file.path != "fuzz/Cargo.toml");
    manifests
        .flat_map(|file| complaints_about(file).unwrap_or_else(|problem| vec![problem]))
        .collect()
}

fn complaints_about(file: &File) -> Result<Vec<String>, String> {
    let path = &file.path;
    let manifest: Table = file
        .text()
        .unwrap_or_default()
        .parse()
        .map_err(|error| format!("{path}: {error}"))?;
    let name = manifest
        .get("package")
        .and_then(|package| package.get("name")?.as_str())
        .ok_or_else(|| format!("{path}: no package name"))?;
    let (_, may_use) = MAY_USE
        .iter()
        .find(|(package, _)| *package == name)
        .ok_or_else(|| format!("{path}: `{name}` is not in the table of the house rules"))?;
    let mut complaints: Vec<String> = dependencies(&manifest)
        .into_iter()
        .filter(|used| is_ours(used) && !may_use.contains(&used.as_str()))
        .map(|used| format!("{path}: `{name}` must not depend on `{used}`"))
        .collect();
    if manifest
        .get("lints")
        .and_then(|lints| lints.get("workspace")?.as_bool())
        != Some(true)
    {
        complaints.push(format!("{path}: `[lints] workspace = true` is missing"));
    }
    Ok(complaints)
}

/// The packages a manifest depends on, also those for one platform only and those renamed.
fn dependencies(manifest: &Table) -> Vec<String> {
    let targets = manifest.get("target").and_then(|target| target.as_table());
    let platforms = targets
        .into_iter()
        .flat_map(Table::values)
        .filter_map(|value| value.as_table());
    std::iter::once(manifest)
        .chain(platforms)
        .flat_map(|table| {
            DEPENDENCIES
                .iter()
                .filter_map(|kind| table.get(*kind)?.as_table())
        })
        .flatten()
        .map(|(name, value)| {
            let renamed = value.get("package").and_then(|package| package.as_str());
            renamed.unwrap_or(name).to_owned()
        })
        .collect()
}

fn is_ours(name: &str) -> bool {
    MAY_USE.iter().any(|(package, _)| *package == name)
}

#[test]
fn packages_depend_only_in_the_allowed_direction() {
    assert_kept(directions);
}

#[test]
fn every_package_of_the_table_exists() {
    let tree = Tree::read().unwrap();
    let all: String = tree.with_extension("toml").filter_map(File::text).collect();
    for (package, _) in MAY_USE {
        assert!(
            all.contains(&format!("name = \"{package}\"")),
            "`{package}` is gone"
        );
    }
}

#[test]
fn a_wrong_direction_is_caught() {
    let manifest = |dependency: &str| {
        format!("[package]\nname = \"utsushi-viz\"\n[lints]\nworkspace = true\n{dependency}")
    };
    for dependency in [
        "[dependencies]\nutsushi-sim.workspace = true",
        "[build-dependencies]\nutsushi-sim = { path = \"../sim\" }",
        "[dependencies]\nproofs = { package = \"utsushi-sim\", path = \"../sim\" }",
        "[target.'cfg(unix)'.dependencies]\nutsushi-sim = \"0.1\"",
    ] {
        let wanted = "`utsushi-viz` must not depend on `utsushi-sim`";
        assert_caught(
            directions,
            &[("viz/Cargo.toml", &manifest(dependency))],
            wanted,
        );
    }
    let allowed = manifest("[dependencies]\nutsushi-model.workspace = true\ncsv = \"1\"");
    assert!(directions(&Tree::of(&[("viz/Cargo.toml", &allowed)])).is_empty());
}

#[test]
fn a_stranger_and_missing_lints_are_caught() {
    let stranger = "[package]\nname = \"utsushi-extra\"\n[lints]\nworkspace = true";
    assert_caught(
        directions,
        &[("extra/Cargo.toml", stranger)],
        "is not in the table",
    );
    let careless = "[package]\nname = \"xtask\"";
    assert_caught(
        directions,
        &[("xtask/Cargo.toml", careless)],
        "`[lints] workspace = true` is missing",
    );
}
