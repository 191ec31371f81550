//! What relays make of information, case by case.

use super::function::{Entered, Way, coming_in, going_out, is_attested, passes};
use utsushi_model::information::Information::{Keystrokes, Pixels, PlainTextMail, SanitisedFile};
use utsushi_model::network::{
    Clipboard, MailRelay, NodeKind, Proxy, Sanitiser, ScreenMethod, ScreenRelay, ZoneRole,
};
use utsushi_model::policy::Addresses;
use utsushi_model::units::{Latency, Seats, Sessions};

fn screen(clipboard: Clipboard) -> NodeKind {
    NodeKind::ScreenRelay(ScreenRelay {
        method: ScreenMethod::Vdi,
        seats: Seats::new(1.0),
        bandwidth: None,
        clipboard,
        publishes: Addresses::any(),
    })
}

fn sanitiser(passes: &[(ZoneRole, ZoneRole)]) -> NodeKind {
    NodeKind::Sanitiser(Sanitiser {
        workers: 1,
        per_file: Latency::new(1.0),
        wait: None,
        passes: passes.to_vec(),
    })
}

fn mail(sanitises: bool) -> NodeKind {
    NodeKind::MailRelay(MailRelay {
        sanitises,
        per_hour: None,
        wait: None,
    })
}

fn proxy() -> NodeKind {
    NodeKind::Proxy(Proxy {
        units: 1,
        sessions: Sessions::new(1.0),
        rules: Vec::new(),
    })
}

#[test]
fn a_clipboard_opens_a_screen_in_its_direction() {
    for (clipboard, keys, pixels) in [
        (Clipboard::Blocked, Some(Keystrokes), Some(Pixels)),
        (Clipboard::Inward, None, Some(Pixels)),
        (Clipboard::Outward, Some(Keystrokes), None),
        (Clipboard::Open, None, None),
    ] {
        let relay = screen(clipboard);
        assert_eq!(coming_in(&relay), keys, "{clipboard:?}");
        assert_eq!(going_out(&relay, Way::Down), pixels, "{clipboard:?}");
        assert_eq!(going_out(&relay, Way::Up), None, "{clipboard:?}");
    }
}

#[test]
fn sanitisers_reduce_what_leaves_them_either_way() {
    for way in [Way::Up, Way::Down] {
        assert_eq!(going_out(&sanitiser(&[]), way), Some(SanitisedFile));
        assert_eq!(going_out(&mail(true), way), Some(PlainTextMail));
        assert_eq!(going_out(&mail(false), way), None);
        assert_eq!(going_out(&proxy(), way), None);
    }
}

#[test]
fn a_sanitiser_passes_between_the_zones_it_names() {
    let (int, lg) = (Some(ZoneRole::Internet), Some(ZoneRole::Lgwan));
    let inward = sanitiser(&[(ZoneRole::Internet, ZoneRole::Lgwan)]);
    for entered in [Entered::Asked, Entered::Fetched] {
        assert!(passes(&inward, entered, Way::Up, (int, lg)));
        assert!(!passes(&inward, entered, Way::Down, (lg, int)));
        assert!(passes(&sanitiser(&[]), entered, Way::Down, (lg, int)));
    }
    // Who is on the machine is not bound by what it is for.
    assert!(passes(&inward, Entered::Machine, Way::Up, (lg, int)));
}

#[test]
fn a_proxy_joins_clients_to_servers_only() {
    let zones = (None, None);
    assert!(passes(&proxy(), Entered::Asked, Way::Up, zones));
    assert!(passes(&proxy(), Entered::Fetched, Way::Down, zones));
    assert!(!passes(&proxy(), Entered::Asked, Way::Down, zones));
    assert!(!passes(&proxy(), Entered::Fetched, Way::Up, zones));
}

#[test]
fn functions_that_reduce_are_attested() {
    assert!(is_attested(&screen(Clipboard::Blocked)));
    assert!(is_attested(&sanitiser(&[])));
    assert!(is_attested(&mail(true)));
    assert!(!is_attested(&mail(false)) && !is_attested(&proxy()));
}
