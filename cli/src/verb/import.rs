//! `utsushi import`: the rule set of a real device as a piece of a scenario.

use crate::args::{Dialect, Import};
use crate::engine;
use crate::failure::Failure;
use crate::session::{Exit, Session, complain, print};
use std::io::Write as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use utsushi::model::units::BitRate;
use utsushi::scenarios::files::{Disk, Files as _, Unreadable};
use utsushi::scenarios::import::{Given, Imported, Refused, iptables};
use utsushi::scenarios::topology;
use utsushi::wording::things;

/// Reads the dumps, lowers them, writes RON.
pub(super) fn run(args: &Import, session: &Session) -> Result<Exit, Failure> {
    if args.kind == Dialect::Graph {
        return graph(args, session);
    }
    let addresses = args.address.iter().map(|text| address(text));
    let given = Given {
        doubts: args.doubt.clone(),
        addresses: addresses.collect::<Result<_, _>>()?,
    };
    let files = files(&args.files)?;
    let imported = iptables(&named(&files), &given).map_err(refused)?;
    let ron = imported.ron(&args.name, &args.site, &head(session, &files, &imported));
    let Some(out) = &args.out else {
        print(&ron);
        return Ok(Exit::Clean);
    };
    refuse_input(out, &args.files)?;
    write(out, &ron)?;
    let filters = imported.forwarding.filters.iter();
    let rules: usize = filters.map(|f| f.all_rules().count()).sum();
    let (nat, path) = (imported.forwarding.nat.len(), out.display());
    complain(&session.pick(
        format!("{path} に、フィルタのルール{rules}件とアドレス変換{nat}件を書き出した\n"),
        format!("wrote {rules} filter rules and {nat} translations to {path}\n"),
    ));
    Ok(Exit::Clean)
}

/// Reads a published topology and keeps it in a folder that `utsushi replay` reads.
fn graph(args: &Import, session: &Session) -> Result<Exit, Failure> {
    let files = files(&args.files)?;
    let capacity = args.capacity.as_deref().map(rate).transpose()?;
    let given = topology::Given {
        capacity,
        weight: args.weight.clone(),
    };
    let published = topology::published(&named(&files), &given).map_err(refused)?;
    let read = &published.topology;
    let Some(folder) = &args.out else {
        return Err(Failure::asked(
            "書き出すフォルダが指定されていない",
            "no folder to write to is given",
        )
        .help("`--out FOLDER` を付ける", "add `--out FOLDER`"));
    };
    let text = match files.iter().any(|(_, bytes)| topology::is_json(bytes)) {
        true => published.text(),
        false => joined(&files),
    };
    std::fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
    let path = folder.join(engine::TOPOLOGY);
    refuse_input(&path, &args.files)?;
    write(&path, &text)?;
    let (nodes, edges, demands) = (read.nodes.len(), read.edges.len(), read.demands.len());
    for note in &published.notes {
        complain(&session.pick(format!("注：{}\n", note.ja), format!("note: {}\n", note.en)));
    }
    let path = path.display();
    complain(&session.pick(
        format!("{path} に、ノード{nodes}・辺{edges}・需要{demands}を書き出した\n"),
        format!(
            "wrote {}, {} and {} to {path}\n",
            things(nodes, "node"),
            things(edges, "edge"),
            things(demands, "demand")
        ),
    ));
    Ok(Exit::Clean)
}

/// The texts one behind the other, as they are.
fn joined(files: &[(String, Vec<u8>)]) -> String {
    let mut text = String::new();
    for (_, bytes) in files {
        text += String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}');
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
    text
}

/// What an edge can carry that does not say it.
fn rate(text: &str) -> Result<BitRate, Failure> {
    let read = text.parse().ok().filter(|rate| *rate > BitRate::ZERO);
    read.ok_or_else(|| {
        Failure::asked(
            format!("`--capacity` の値 `{text}` を読み取れない"),
            format!("`{text}` is no value of `--capacity`"),
        )
        .help("`10Gbps` のように書く", "write it like `10Gbps`")
    })
}

/// What stands at the head of the file.
fn head(session: &Session, files: &[(String, Vec<u8>)], imported: &Imported) -> Vec<String> {
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let interfaces = imported.interfaces();
    let interfaces: Vec<&str> = interfaces.iter().map(|name| &**name).collect();
    let (names, interfaces) = (names.join(", "), interfaces.join(", "));
    vec![
        session.pick(
            format!("{names} から utsushi import で作成。`// ファイル:行` は元の行を指す"),
            format!("made by utsushi import from {names}; `// file:line` points at the line it comes from"),
        ),
        session.pick(
            format!("ルールが指すインタフェース（回線かセグメントの gateways につなぐこと）: {interfaces}"),
            format!("interfaces that rules name (connect them by links or gateways): {interfaces}"),
        ),
        session.pick(
            "`conditions` は机上では判定できない条件。上限と下限の両方が計算される".to_owned(),
            "`conditions` cannot be judged offline; both bounds are computed".to_owned(),
        ),
    ]
}

fn address(text: &str) -> Result<(String, IpAddr), Failure> {
    let read = text
        .split_once('=')
        .and_then(|(name, address)| Some((name.to_owned(), address.parse().ok()?)));
    read.filter(|(name, _)| !name.is_empty()).ok_or_else(|| {
        Failure::asked(
            format!("`--address` の値 `{text}` を読み取れない"),
            format!("`{text}` is no value of `--address`"),
        )
        .help(
            "`eth0=203.0.113.1` のように書く",
            "write it like `eth0=203.0.113.1`",
        )
    })
}

/// Reads files, each with the name that messages use.
pub(super) fn files(paths: &[PathBuf]) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let one = |path: &PathBuf| {
        let name = path.display().to_string();
        let bytes = Disk.read(&name).map_err(|why| unreadable(path, &why))?;
        Ok((name, bytes))
    };
    paths.iter().map(one).collect()
}

/// The same as the importer takes them.
pub(super) fn named(files: &[(String, Vec<u8>)]) -> Vec<(&str, &[u8])> {
    let pairs = files.iter();
    pairs
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect()
}

pub(super) fn refused(refused: Refused) -> Failure {
    Failure::Scenario {
        problems: refused.problems,
        sources: Box::new(refused.sources),
    }
}

fn unreadable(path: &Path, why: &Unreadable) -> Failure {
    let path = path.display();
    match why {
        Unreadable::Missing => Failure::asked(
            format!("`{path}` というファイルはない"),
            format!("there is no file `{path}`"),
        ),
        Unreadable::TooLarge => Failure::asked(
            format!("`{path}` は大きすぎる"),
            format!("`{path}` is too large"),
        ),
        Unreadable::Other(what) => Failure::asked(
            format!("`{path}` を読めない：{what}"),
            format!("cannot read `{path}`: {what}"),
        ),
    }
}

/// Refuses to write over a dump.
fn refuse_input(out: &Path, files: &[PathBuf]) -> Result<(), Failure> {
    let same = |file: &PathBuf| match (out.canonicalize(), file.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    };
    if !files.iter().any(same) {
        return Ok(());
    }
    let path = out.display();
    Err(Failure::asked(
        format!("`{path}` は読み込むダンプそのものなので、上書きしない"),
        format!("`{path}` is the dump itself, and is not written over"),
    )
    .help("別のファイル名を指定する", "name another file"))
}

/// Others may read the file as far as the `umask` lets them, as any file that is written.
#[cfg(unix)]
fn readable(file: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt;
    file.permissions(std::fs::Permissions::from_mode(0o666));
}

/// Elsewhere files are made so.
#[cfg(not(unix))]
fn readable(_: &mut tempfile::Builder<'_, '_>) {}

/// Writes a file as a whole or not at all.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let told = |error: &std::io::Error| Failure::file(path, error);
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    let mut hidden = tempfile::Builder::new();
    readable(&mut hidden);
    let mut file = hidden
        .tempfile_in(folder.unwrap_or(Path::new(".")))
        .map_err(|error| told(&error))?;
    file.write_all(text.as_bytes())
        .map_err(|error| told(&error))?;
    file.persist(path).map_err(|error| told(&error.error))?;
    Ok(())
}
