//! Zones, sites, segments, links, host groups, systems and references.
//!
//! Goes in: values of a piece. Comes out: the things of the model. What can go wrong: see [`crate::say`].

use crate::lower::assurance::assurance;
use crate::raw::{Val, network as raw};
use crate::read::Reader;
use crate::say::Noun;
use utsushi_model::id::Id;
use utsushi_model::limits;
use utsushi_model::network::{
    Attachment, Confidentiality, Connection, Gateway, HostClass, HostGroup, Lane, Link, Measures,
    Pattern, Port, Reference, ReferenceKind, Segment, Site, SiteKind, System, SystemFunction, Zone,
    ZoneRole,
};
use utsushi_model::policy::Name;
use utsushi_model::units::{Latency, Share};

/// The roles of zones.
pub(crate) const ROLES: &[(&str, ZoneRole)] = &[
    ("MyNumber", ZoneRole::MyNumber),
    ("Lgwan", ZoneRole::Lgwan),
    ("Internet", ZoneRole::Internet),
    ("Independent", ZoneRole::Independent),
    ("Management", ZoneRole::Management),
    ("SecurityCloud", ZoneRole::SecurityCloud),
    ("LgwanNetwork", ZoneRole::LgwanNetwork),
    ("Saas", ZoneRole::Saas),
    ("GovernmentCloud", ZoneRole::GovernmentCloud),
    ("GovernmentCloudMyNumber", ZoneRole::GovernmentCloudMyNumber),
    ("PublicBody", ZoneRole::PublicBody),
    ("World", ZoneRole::World),
];
/// What a role is called.
pub(crate) const ROLE: Noun = ("系の役割", "a role of zones");
/// The classes of hosts.
pub(crate) const CLASSES: &[(&str, HostClass)] = &[
    ("General", HostClass::General),
    ("MyNumber", HostClass::MyNumber),
    ("Dedicated", HostClass::Dedicated),
    ("InternetOnly", HostClass::InternetOnly),
    ("Telework", HostClass::Telework),
    ("Device", HostClass::Device),
    ("Server", HostClass::Server),
];
/// What a class is called.
pub(crate) const CLASS: Noun = ("端末の種類", "a class of hosts");

const SITES: &[(&str, SiteKind)] = &[
    ("Headquarters", SiteKind::Headquarters),
    ("Branch", SiteKind::Branch),
    ("DataCentre", SiteKind::DataCentre),
    ("Remote", SiteKind::Remote),
    ("Outside", SiteKind::Outside),
];
const PATTERNS: &[(&str, Pattern)] = &[
    ("Convert", Pattern::Convert),
    ("StayLgwan", Pattern::StayLgwan),
    ("StayInternet", Pattern::StayInternet),
    ("Saas", Pattern::Saas),
    ("MyNumber", Pattern::MyNumber),
    ("Outside", Pattern::Outside),
];
/// What such a function is called.
pub(crate) const FUNCTION: Noun = ("業務システムの役割", "a function of systems");
/// How hosts are connected beside their own segment.
pub(crate) const CONNECTIONS: &[(&str, Connection)] = &[
    ("Nic", Connection::Nic),
    ("Tether", Connection::Tether),
    ("Vpn", Connection::Vpn),
    ("PortGroup", Connection::PortGroup),
];
/// What systems do for the network itself.
pub(crate) const FUNCTIONS: &[(&str, SystemFunction)] = &[
    ("Directory", SystemFunction::Directory),
    ("UserSync", SystemFunction::UserSync),
    ("Distribution", SystemFunction::Distribution),
    ("Groupware", SystemFunction::Groupware),
];
const CONFIDENTIALITIES: &[(&str, Confidentiality)] = &[
    ("One", Confidentiality::One),
    ("Two", Confidentiality::Two),
    ("Three", Confidentiality::Three),
];
const REFERENCES: &[(&str, ReferenceKind)] = &[
    ("Dns", ReferenceKind::Dns),
    ("HostsFile", ReferenceKind::HostsFile),
    ("AllowList", ReferenceKind::AllowList),
    ("Application", ReferenceKind::Application),
    ("Printer", ReferenceKind::Printer),
    ("Monitoring", ReferenceKind::Monitoring),
    ("Dhcp", ReferenceKind::Dhcp),
    ("Pac", ReferenceKind::Pac),
];

/// A zone.
pub(crate) fn zone<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Zone> {
    let raw: raw::Zone<'_> = reader.fields(value)?;
    let name = reader.new_name(raw.name);
    let label = reader.label(raw.label, name.as_ref());
    let role = reader.word(raw.role, ROLE, ROLES);
    Some(Zone {
        id: Id::new(name?),
        label: label?,
        role: role?,
        place: reader.place(raw.name),
    })
}

/// A site.
pub(crate) fn site<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Site> {
    let raw: raw::Site<'_> = reader.fields(value)?;
    let name = reader.new_name(raw.name);
    let label = reader.label(raw.label, name.as_ref());
    let kind = reader.word(raw.kind, ("拠点の種類", "a kind of site"), SITES);
    Some(Site {
        id: Id::new(name?),
        label: label?,
        kind: kind?,
        place: reader.place(raw.name),
    })
}

/// A segment.
pub(crate) fn segment<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Segment> {
    let raw: raw::Segment<'_> = reader.fields(value)?;
    let name = reader.new_name(raw.name);
    let label = reader.label(raw.label, name.as_ref());
    let zone = reader.name(raw.zone);
    let site = reader.name(raw.site);
    let vlan = reader.maybe(raw.vlan, |value| vlan(reader, value));
    let prefixes = reader.prefixes(&raw.prefixes);
    let gateways = reader.all(&raw.gateways, |value| gateway(reader, value, name.as_ref()));
    let external = reader.or(raw.external, false, |value| reader.flag(value));
    let reused = reader.or(raw.reused, false, |value| reader.flag(value));
    Some(Segment {
        id: Id::new(name?),
        label: label?,
        zone: Id::new(zone?),
        site: Id::new(site?),
        vlan: vlan?,
        prefixes: prefixes?,
        gateways: gateways?,
        external: external?,
        reused: reused?,
        place: reader.place(raw.name),
    })
}

fn vlan<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<u16> {
    reader.whole(value, 1..=4094)
}

fn gateway<'a>(reader: &Reader<'a>, value: Val<'a>, segment: Option<&Name>) -> Option<Gateway> {
    let raw: raw::Gateway<'_> = reader.fields(value)?;
    let node = reader.name(raw.node);
    let vrf = vrf(reader, raw.vrf);
    let default = segment.cloned().unwrap_or_default();
    let interface = reader.or(raw.interface, default, |value| reader.name(value));
    let standby = reader.or(raw.standby, false, |value| reader.flag(value));
    Some(Gateway {
        node: Id::new(node?),
        vrf: vrf?,
        interface: interface?,
        standby: standby?,
    })
}

/// The name of a VRF; the empty name means the only one.
pub(crate) fn vrf<'a>(reader: &Reader<'a>, value: Option<Val<'a>>) -> Option<Name> {
    reader.or(value, Name::default(), |value| {
        reader.string(value).map(Name::from)
    })
}

/// A link.
pub(crate) fn link<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Link> {
    let raw: raw::Link<'_> = reader.fields(value)?;
    let name = reader.new_name(raw.name);
    let label = reader.label(raw.label, name.as_ref());
    let ends = reader
        .pair(raw.ends)
        .map(|(a, b)| (reader.name(a), reader.name(b)));
    let rate = reader.capacity(raw.rate);
    let back = reader.maybe(raw.back, |value| reader.capacity(value));
    let delay = reader.or(raw.delay, Latency::ZERO, |value| reader.time(value));
    let loss = reader.or(raw.loss, Share::default(), |value| reader.share(value));
    let members = reader.or(raw.members, 1, |value| reader.whole(value, limits::MEMBERS));
    let cost = reader.or(raw.cost, 10, |value| reader.whole(value, 1..=1_000_000));
    let risks = reader.all(&raw.risks, |value| reader.name(value));
    let lanes = lanes(reader, &raw.lanes, name.as_ref());
    let (a, b) = ends?;
    let rate_ab = rate?;
    Some(Link {
        id: Id::new(name?),
        label: label?,
        a: Id::new(a?),
        b: Id::new(b?),
        rate_ab,
        rate_ba: back?.unwrap_or(rate_ab),
        delay: delay?,
        loss: loss?,
        members: members?,
        cost: cost?,
        risks: risks?,
        lanes: lanes?,
        place: reader.place(raw.name),
    })
}

/// The VLANs of a link; none given: one, by interfaces that bear the link's name.
pub(crate) fn lanes<'a>(
    reader: &Reader<'a>,
    values: &[Val<'a>],
    link: Option<&Name>,
) -> Option<Vec<Lane>> {
    let port = Port {
        vrf: Name::default(),
        interface: link.cloned().unwrap_or_default(),
    };
    if values.is_empty() {
        return Some(vec![Lane {
            vlan: None,
            a: port.clone(),
            b: port,
        }]);
    }
    reader.all(values, |value| {
        let raw: raw::Lane<'_> = reader.fields(value)?;
        let vlan = reader.maybe(raw.vlan, |value| vlan(reader, value));
        let end = |value| reader.or(value, port.clone(), |value| self::port(reader, value, link));
        let (a, b) = (end(raw.a), end(raw.b));
        Some(Lane {
            vlan: vlan?,
            a: a?,
            b: b?,
        })
    })
}

fn port<'a>(reader: &Reader<'a>, value: Val<'a>, link: Option<&Name>) -> Option<Port> {
    let raw: raw::Port<'_> = reader.fields(value)?;
    let vrf = vrf(reader, raw.vrf);
    let default = link.cloned().unwrap_or_default();
    let interface = reader.or(raw.interface, default, |value| reader.name(value));
    Some(Port {
        vrf: vrf?,
        interface: interface?,
    })
}

/// A host group.
pub(crate) fn group<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<HostGroup> {
    let raw: raw::Group<'_> = reader.fields(value)?;
    let name = reader.new_name(raw.name);
    let label = reader.label(raw.label, name.as_ref());
    let segment = reader.name(raw.segment);
    let addresses = reader.ranges(&raw.addresses);
    let count = reader.whole(raw.count, limits::HOSTS);
    let class = reader.word(raw.class, CLASS, CLASSES);
    let zone = reader.maybe(raw.zone, |value| reader.name(value));
    let measures = reader.or(raw.measures, Measures::default(), |value| {
        measures(reader, value)
    });
    let access = reader.maybe(raw.access, |value| reader.name(value));
    let assurance = assurance(reader, &raw.controls, raw.evidence);
    let also = reader.all(&raw.also, |value| attachment(reader, value));
    Some(HostGroup {
        also: also?,
        id: Id::new(name?),
        label: label?,
        segment: Id::new(segment?),
        addresses: addresses?,
        count: count?,
        class: class?,
        zone: zone?.map(Id::new),
        measures: measures?,
        access: access?.map(Id::new),
        assurance: assurance?,
        place: reader.place(raw.name),
    })
}

/// A further segment that a host is connected to.
pub(crate) fn attachment<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Attachment> {
    let raw: raw::Attachment<'_> = reader.fields(value)?;
    let segment = reader.name(raw.segment);
    let addresses = reader.ranges(&raw.addresses);
    let by = reader.word(raw.by, ("接続の種類", "a kind of connection"), CONNECTIONS);
    Some(Attachment {
        segment: Id::new(segment?),
        addresses: addresses?,
        by: by?,
    })
}

fn measures<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Measures> {
    let raw: raw::Measures<'_> = reader.fields(value)?;
    let flag = |value| reader.or(value, false, |value| reader.flag(value));
    let (edr, patched) = (flag(raw.edr), flag(raw.patched));
    let (two_factors, media_blocked) = (flag(raw.two_factors), flag(raw.media_blocked));
    Some(Measures {
        edr: edr?,
        patched: patched?,
        two_factors: two_factors?,
        media_blocked: media_blocked?,
    })
}

/// A business system.
pub(crate) fn system<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<System> {
    let raw: raw::System<'_> = reader.fields(value)?;
    let name = reader.new_name(raw.name);
    let label = reader.label(raw.label, name.as_ref());
    let segment = reader.name(raw.segment);
    let addresses = reader.ranges(&raw.addresses);
    let services = reader.all(&raw.services, |value| reader.service(value));
    let pattern = reader.word(
        raw.pattern,
        ("移行パターン", "a pattern of moving"),
        PATTERNS,
    );
    let confidentiality = reader.word(
        raw.confidentiality,
        ("機密性の区分", "a class of confidentiality"),
        CONFIDENTIALITIES,
    );
    let flag = |value| reader.or(value, false, |value| reader.flag(value));
    let resident = flag(raw.resident_information);
    let (lgwan, screen) = (flag(raw.lgwan_dependent), flag(raw.screen_transfer));
    let assurance = assurance(reader, &raw.controls, raw.evidence);
    let function = reader.maybe(raw.function, |value| {
        reader.word(
            value,
            ("業務システムの役割", "a function of systems"),
            FUNCTIONS,
        )
    });
    let also = reader.all(&raw.also, |value| attachment(reader, value));
    Some(System {
        also: also?,
        id: Id::new(name?),
        label: label?,
        segment: Id::new(segment?),
        addresses: addresses?,
        services: services?,
        pattern: pattern?,
        confidentiality: confidentiality?,
        resident_information: resident?,
        lgwan_dependent: lgwan?,
        screen_transfer: screen?,
        assurance: assurance?,
        function: function?,
        place: reader.place(raw.name),
    })
}

/// A literal address held elsewhere.
pub(crate) fn reference<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Reference> {
    let raw: raw::Reference<'_> = reader.fields(value)?;
    let name = reader.new_name(raw.name);
    let holder = reader.text(raw.holder);
    let kind = reader.word(
        raw.kind,
        ("参照元の種類", "a kind of reference"),
        REFERENCES,
    );
    let address = reader.range(raw.address);
    Some(Reference {
        id: Id::new(name?),
        holder: holder?,
        kind: kind?,
        address: address?,
        place: reader.place(raw.name),
    })
}
