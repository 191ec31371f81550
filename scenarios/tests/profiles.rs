//! The profiles that come with utsushi, in a scenario that includes them.

use utsushi_scenarios::{Memory, load_from, profiles};

/// The least scenario there is, with what it includes.
fn scenario(include: &str) -> Memory {
    let text = format!(
        "(title: \"x\", start: (date: \"2024-04-01\", model: Alpha), include: [{include}],
          zones: [(name: \"LG\", role: Lgwan)], sites: [(name: \"hq\", kind: Headquarters)])"
    );
    Memory::new([("s/scenario.ron", text)])
}

#[test]
fn every_profile_can_be_included() {
    let all: Vec<String> = profiles::paths().map(|p| format!("{p:?}")).collect();
    assert!(all.len() >= 4, "{all:?}");
    let loaded = load_from(&scenario(&all.join(", ")), "s/scenario.ron");
    let migration = match loaded {
        Ok(loaded) => loaded.migration,
        Err(failed) => panic!("{:#?}", failed.problems),
    };
    let applications = &migration.requirements.applications;
    assert!(applications.len() >= 15);
    for application in applications.iter() {
        let source = &application.source;
        assert!(
            source.len() > 20,
            "{}: `{source}` cites nothing",
            application.id
        );
    }
}

#[test]
fn a_profile_that_is_not_there_is_told_with_a_near_name() {
    let files = scenario("\"utsushi:profiles/ofice.ron\"");
    let problems = match load_from(&files, "s/scenario.ron") {
        Ok(_) => panic!("it was found"),
        Err(failed) => failed.problems,
    };
    let told = format!("{problems:?}");
    assert!(told.contains("utsushi:profiles/office.ron"), "{told}");
}
