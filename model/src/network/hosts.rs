//! What stands in segments: host groups, business systems, and who else holds their addresses.
//!
//! Values only; see [`crate::network`].

use super::{GroupId, SegmentId, SystemId, ZoneId};
use crate::access::AccessId;
use crate::address::AddressRange;
use crate::attestation::Assurance;
use crate::id::Id;
use crate::place::Place;
use crate::service::Service;
use crate::text::Text;

/// How a host is connected beside its own segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Connection {
    /// A second network card, or the second port of a printer.
    Nic,
    /// A mobile phone or modem at a USB port.
    Tether,
    /// A VPN tunnel that ends on the host.
    Vpn,
    /// A port group of a shared hypervisor, whose own segment is its management plane.
    PortGroup,
}

/// A further segment that a host is connected to (I-TX-10, I-TX-11). Packets do not pass from one to the other:
/// hosts do not route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The segment.
    pub segment: SegmentId,
    /// Its addresses there; may be left out.
    pub addresses: Vec<AddressRange>,
    /// How.
    pub by: Connection,
}

/// Terminal and host classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HostClass {
    /// 一般事務用端末.
    General,
    /// マイナンバー利用事務系端末.
    MyNumber,
    /// 専用端末・独自端末.
    Dedicated,
    /// Terminals that only ever used the Internet.
    InternetOnly,
    /// 持ち出し・テレワーク端末.
    Telework,
    /// Printers and other devices.
    Device,
    /// Servers that are no business system of their own.
    Server,
}

impl HostClass {
    /// Whether people sit in front of it.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        !matches!(self, Self::Device | Self::Server)
    }
}

/// Measures on the hosts of a group that rules ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Measures {
    /// Endpoint detection and response.
    pub edr: bool,
    /// Patches are applied.
    pub patched: bool,
    /// Two factors at log-on.
    pub two_factors: bool,
    /// Removable media are blocked.
    pub media_blocked: bool,
}

/// Hosts of one kind in one segment.
#[derive(Debug, Clone)]
pub struct HostGroup {
    /// Its name.
    pub id: GroupId,
    /// What people call it.
    pub label: Text,
    /// The segment they are in.
    pub segment: SegmentId,
    /// Their addresses; empty: the whole segment.
    pub addresses: Vec<AddressRange>,
    /// How many they are.
    pub count: u32,
    /// What they are.
    pub class: HostClass,
    /// The zone they belong to, where it is not their segment's (a mixed segment, I-TX-02).
    pub zone: Option<ZoneId>,
    /// Measures in force on them.
    pub measures: Measures,
    /// Their access table; without one they go direct.
    pub access: Option<AccessId>,
    /// Where else they are connected.
    pub also: Vec<Attachment>,
    /// What is said of them that no packet can show.
    pub assurance: Assurance,
    /// Where it is written.
    pub place: Place,
}

/// How a business system moves (手順書: 代表的な移行パターン).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// ① LGWAN to Internet, addresses kept.
    Convert,
    /// ② stays with LGWAN, address changes.
    StayLgwan,
    /// ③ was and stays on the Internet side.
    StayInternet,
    /// Replaced by a cloud service.
    Saas,
    /// My Number: not part of the move.
    MyNumber,
    /// Outside the body or the move.
    Outside,
}

/// Confidentiality classes (自治体機密性).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidentiality {
    /// 機密性1.
    One,
    /// 機密性2.
    Two,
    /// 機密性3 (3A to 3C of later editions are not told apart).
    Three,
}

/// What a system does for the network itself, where rules speak of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SystemFunction {
    /// 認証基盤: a directory with its domain controllers.
    Directory,
    /// ユーザー情報連携システム: carries accounts from one directory to another.
    UserSync,
    /// Distributes agents, signatures and patches to terminals (WSUS, 定義体配信).
    Distribution,
    /// グループウェア: what alone moves to the Internet zone in the β model (M-02).
    Groupware,
}

/// A business system and the services it offers.
#[derive(Debug, Clone)]
pub struct System {
    /// Its name.
    pub id: SystemId,
    /// What people call it.
    pub label: Text,
    /// The segment its servers are in.
    pub segment: SegmentId,
    /// Addresses of its servers.
    pub addresses: Vec<AddressRange>,
    /// What it offers.
    pub services: Vec<Service>,
    /// How it moves.
    pub pattern: Pattern,
    /// Confidentiality class.
    pub confidentiality: Confidentiality,
    /// Whether it holds information on residents (住民に関する情報).
    pub resident_information: bool,
    /// Whether it needs LGWAN (LGWAN-ASP, LGWAN mail).
    pub lgwan_dependent: bool,
    /// Whether it can be used by screen transfer.
    pub screen_transfer: bool,
    /// What it does for the network itself, where it is no plain business system.
    pub function: Option<SystemFunction>,
    /// Where else its servers are connected.
    pub also: Vec<Attachment>,
    /// What is said of it that no packet can show.
    pub assurance: Assurance,
    /// Where it is written.
    pub place: Place,
}

/// What kind of thing holds a literal address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReferenceKind {
    /// A DNS record.
    Dns,
    /// A hosts file.
    HostsFile,
    /// A partner's allow-list.
    AllowList,
    /// The settings of an application.
    Application,
    /// A printer or scanner.
    Printer,
    /// Monitoring and log collection.
    Monitoring,
    /// The settings that a DHCP server hands out.
    Dhcp,
    /// A PAC file or the address it is fetched from.
    Pac,
}

/// Something outside the model's devices that holds a literal address (手順書: 参照しているあらゆるシステム).
#[derive(Debug, Clone)]
pub struct Reference {
    /// Its name.
    pub id: Id<Reference>,
    /// Who or what holds it.
    pub holder: Text,
    /// What kind of thing it is.
    pub kind: ReferenceKind,
    /// The address it holds.
    pub address: AddressRange,
    /// Where it is written.
    pub place: Place,
}
