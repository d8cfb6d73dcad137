use geo_types::Coord;

use crate::{
    Detail,
    clip::{Place, Window},
    commands::Commands,
    simplify::Simplifier,
    snap::{plain, snap_line},
};

/// From lines in tile units to lines on the tile's grid.
#[derive(Debug, Default)]
pub(crate) struct LinePress {
    line: Vec<Coord<f64>>,
    piece: Vec<Coord<f64>>,
    snapped: Vec<Coord<i32>>,
    simplifier: Simplifier,
}

impl LinePress {
    /// Writes what the tile shows of a line, in several pieces where it leaves the tile and comes back.
    pub(crate) fn add(
        &mut self,
        coords: impl Iterator<Item = Coord<f64>>,
        detail: &Detail,
        commands: &mut Commands,
    ) {
        self.line.clear();
        self.line.extend(coords);
        let window = Window::with_buffer(detail.buffer);
        let place = window.place(&self.line);
        let reach = reach(&self.line);
        if place == Place::Outside || reach * reach < detail.min_area {
            return;
        }
        self.simplifier.line(&mut self.line, detail.tolerance);
        if place == Place::Inside {
            write(&self.line, &mut self.snapped, commands);
        } else {
            self.write_pieces(window, commands);
        }
    }

    /// Writes what the tile shows of a line that is simplified and on the grid already.
    pub(crate) fn add_snapped(
        &mut self,
        points: &[Coord<i32>],
        detail: &Detail,
        commands: &mut Commands,
    ) {
        self.line.clear();
        self.line.extend(points.iter().map(|point| plain(*point)));
        self.write_pieces(Window::with_buffer(detail.buffer), commands);
    }

    fn write_pieces(&mut self, window: Window, commands: &mut Commands) {
        self.piece.clear();
        for edge in self.line.windows(2) {
            let Some((start, end)) = window.clip_edge(edge[0], edge[1]) else { continue };
            if self.piece.last() != Some(&start) {
                write(&self.piece, &mut self.snapped, commands);
                self.piece.clear();
                self.piece.push(start);
            }
            self.piece.push(end);
        }
        write(&self.piece, &mut self.snapped, commands);
    }
}

/// The longer side of the box around coordinates.
fn reach(coords: &[Coord<f64>]) -> f64 {
    let span = |part: fn(&Coord<f64>) -> f64| {
        let least = coords.iter().map(part).fold(f64::INFINITY, f64::min);
        coords.iter().map(part).fold(f64::NEG_INFINITY, f64::max) - least
    };
    span(|coord| coord.x).max(span(|coord| coord.y))
}

/// Writes a line unless it is too short to be one on the grid.
fn write(line: &[Coord<f64>], snapped: &mut Vec<Coord<i32>>, commands: &mut Commands) {
    snap_line(line, snapped);
    if snapped.len() > 1 {
        commands.line(snapped);
    }
}
