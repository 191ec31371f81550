//! Embeds the rule packs, the profiles and the library, so that an installed `utsushi` has them.
//!
//! In: `packs/*.ron`, `profiles/*.ron` and `library/*/`. Out: three tables of `include_str!`, sorted by path. Expected outputs
//! stay outside. What can go wrong: a folder cannot be read, which ends the build.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// What belongs to a scenario.
const ENDINGS: [&str; 3] = ["ron", "csv", "md"];

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=packs");
    println!("cargo::rerun-if-changed=profiles");
    println!("cargo::rerun-if-changed=library");
    println!("cargo::rerun-if-changed=build.rs");
    fs::write(out.join("packs.rs"), texts("PACKS", &root.join("packs"))?)?;
    let profiles = texts("PROFILES", &root.join("profiles"))?;
    fs::write(out.join("profiles.rs"), profiles)?;
    fs::write(out.join("library.rs"), library(&root.join("library"))?)?;
    Ok(())
}

/// A table of name and text.
fn texts(table: &str, folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut table = format!("static {table}: &[(&str, &str)] = &[\n");
    for path in sorted(folder)? {
        if let Some(name) = path.file_stem().and_then(|name| name.to_str())
            && path.extension().is_some_and(|ending| ending == "ron")
        {
            writeln!(
                table,
                "({name:?}, include_str!({:?})),",
                path.display().to_string()
            )?;
        }
    }
    table.push_str("];\n");
    Ok(table)
}

/// A table of folder, path in it, and text.
fn library(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut table = "static LIBRARY: &[(&str, &str, &str)] = &[\n".to_owned();
    for scenario in sorted(folder)?.into_iter().filter(|path| path.is_dir()) {
        let mut files = Vec::new();
        collect(&scenario, &mut files)?;
        for path in files {
            let name = scenario.file_name().and_then(|name| name.to_str());
            let inside = path.strip_prefix(&scenario)?.display().to_string();
            writeln!(
                table,
                "({:?}, {:?}, include_str!({:?})),",
                name.unwrap_or_default(),
                inside.replace('\\', "/"),
                path.display().to_string()
            )?;
        }
    }
    table.push_str("];\n");
    Ok(table)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for path in sorted(folder)? {
        let expected = path.file_name().is_some_and(|name| name == "expected");
        if path.is_dir() && !expected {
            collect(&path, files)?;
        } else if path
            .extension()
            .and_then(|ending| ending.to_str())
            .is_some_and(|ending| ENDINGS.contains(&ending))
        {
            files.push(path);
        }
    }
    Ok(())
}

/// The entries of a folder by name; none if there is no such folder.
fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = entries.collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    Ok(paths)
}
