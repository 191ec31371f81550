//! What can go wrong while a chart is made. In: the errors of the drawing, table and raster libraries. Out: one closed type.

use std::fmt;

/// Why a chart could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VizError {
    /// A link of a picture ends at a node that the picture does not contain; holds the link's label and the node id.
    UnknownNode(String, String),
    /// A node of a picture lies in a zone that the picture does not contain; holds the node id and the zone id.
    UnknownZone(String, String),
    /// Two nodes or two zones of a picture share this id.
    DuplicateId(String),
    /// A row has another number of cells than the chart has columns; holds the row's label.
    Ragged(String),
    /// The drawing library refused; holds its message.
    Drawing(String),
    /// The CSV twin could not be written; holds the library's message.
    Table(String),
    /// The SVG could not be turned into pixels; holds the library's message.
    Raster(String),
}

impl fmt::Display for VizError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownNode(link, node) => write!(
                f,
                "link `{link}` ends at `{node}`, which is not in the picture"
            ),
            Self::UnknownZone(node, zone) => write!(
                f,
                "node `{node}` lies in zone `{zone}`, which is not in the picture"
            ),
            Self::DuplicateId(id) => write!(f, "the id `{id}` is used twice in one picture"),
            Self::Ragged(row) => write!(f, "row `{row}` does not have one cell for each column"),
            Self::Drawing(why) => write!(f, "the chart could not be drawn: {why}"),
            Self::Table(why) => write!(f, "the CSV twin could not be written: {why}"),
            Self::Raster(why) => write!(f, "the SVG could not be turned into a PNG: {why}"),
        }
    }
}

impl std::error::Error for VizError {}

impl<E: std::error::Error + Send + Sync> From<plotters::drawing::DrawingAreaErrorKind<E>>
    for VizError
{
    fn from(error: plotters::drawing::DrawingAreaErrorKind<E>) -> Self {
        Self::Drawing(error.to_string())
    }
}

impl From<csv::Error> for VizError {
    fn from(error: csv::Error) -> Self {
        Self::Table(error.to_string())
    }
}
