//! What comes with utsushi can be written out and loads as it stands.
//!
//! In: the embedded scenarios and packs. Out: folders. What can go wrong: a scenario that needs a file it does
//! not bring, a folder that is overwritten, half a scenario left behind.

use std::fs;
use utsushi_scenarios::templates::{NotWritten, names, template, write_template};
use utsushi_scenarios::{Memory, load, load_from, packs};

#[test]
fn every_template_loads_by_itself() {
    for name in names() {
        let files = template(name);
        let loaded = load_from(&Memory::new(files), "scenario.ron");
        let problems = loaded.err().map(|failed| failed.problems);
        assert!(problems.is_none(), "{name}: {problems:#?}");
    }
    assert_eq!(names().count(), 6);
}

#[test]
fn every_pack_is_there() {
    for name in ["all", "alpha", "alpha-prime", "beta", "beta-prime"] {
        assert!(
            packs::pack(name).is_some_and(|text| text.contains("rules:")),
            "{name}"
        );
    }
    assert_eq!(packs::pack("gamma"), None);
}

#[test]
fn a_template_is_written_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let town = folder.path().join("私の/町");
    write_template("alpha", &town).expect("written");
    assert!(load(&town).is_ok());
    let before = fs::read_to_string(town.join("scenario.ron")).expect("a file");
    assert!(matches!(
        write_template("beta", &town),
        Err(NotWritten::NotEmpty)
    ));
    assert_eq!(
        fs::read_to_string(town.join("scenario.ron")).ok(),
        Some(before)
    );
    let beside: Vec<_> = fs::read_dir(folder.path().join("私の"))
        .expect("a folder")
        .collect();
    assert_eq!(beside.len(), 1, "{beside:?}");
}

#[test]
fn an_empty_folder_is_filled_and_an_unknown_name_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).expect("a folder");
    assert!(matches!(
        write_template("gamma", &empty),
        Err(NotWritten::Unknown)
    ));
    assert!(matches!(
        write_template("mie-lbo", &empty),
        Err(NotWritten::Unknown)
    ));
    write_template("town", &empty).expect("written");
    assert!(empty.join("scenario.ron").is_file());
    assert!(!empty.join("expected").exists());
    assert!(load(&empty).is_ok());
    let hidden = fs::read_dir(&empty)
        .expect("a folder")
        .filter_map(Result::ok);
    let hidden = hidden.filter(|e| e.file_name().to_string_lossy().starts_with('.'));
    assert_eq!(hidden.count(), 0);
}

#[test]
fn what_cannot_be_written_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "text").expect("a file");
    assert!(matches!(
        write_template("alpha", &file),
        Err(NotWritten::Disk(_))
    ));
    assert!(matches!(
        write_template("alpha", &file.join("below")),
        Err(NotWritten::Disk(_))
    ));
    assert_eq!(fs::read_to_string(&file).ok().as_deref(), Some("text"));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
}
