use geo_types::Coord;

use crate::{
    building::Building,
    convex::{Convex, Side},
    dice::Dice,
    fabric::{Block, Fabric, Land},
    frame::Frame,
    houses::Style,
    landmarks,
    lots::{self, Lot, Row},
    outbuildings::outbuilding,
    zone::Zone,
};

/// A parcel with what stands on it.
#[derive(Debug)]
pub(crate) struct Plot {
    /// The block's place in the quarter's list.
    pub(crate) block: usize,
    pub(crate) land: Land,
    pub(crate) frame: Frame,
    pub(crate) front: Side,
    lot: Lot,
    pub(crate) buildings: Vec<Building>,
}

impl Plot {
    /// In the plot's frame.
    pub(crate) fn shape(&self) -> &Convex {
        &self.lot.shape
    }

    /// Corners on the ground, to the millimetre, open.
    pub(crate) fn corners(&self) -> Vec<Coord> {
        self.lot.shape.points().map(|point| self.frame.place(point)).collect()
    }
}

/// A quarter's parcels, with as many buildings as are asked for, or as many as there is room for.
pub(crate) fn plots(fabric: &Fabric, zone: Zone, buildings: u64, dice: &mut Dice) -> Vec<Plot> {
    let mut plots: Vec<Plot> = Vec::new();
    for (index, block) in fabric.blocks.iter().enumerate() {
        match block.land {
            Land::Built => plots.extend(built(index, block, zone, dice)),
            _ => plots.extend(special(index, block, dice)),
        }
    }
    let wanted = buildings as usize;
    let standing = plots.iter().map(|plot| plot.buildings.len()).sum::<usize>();
    if standing > wanted {
        thin_out(&mut plots, standing - wanted, dice);
    } else {
        add_outbuildings(&mut plots, wanted - standing, dice);
    }
    plots
}

fn built(index: usize, block: &Block, zone: Zone, dice: &mut Dice) -> Vec<Plot> {
    let rows = lots::rows(&block.shape, zone, dice);
    if rows.is_empty() {
        return special(index, block, dice).into_iter().collect();
    }
    let style = |dice: &mut Dice| Style::new(zone, dice);
    let mut plots = Vec::new();
    for Row { frame, front, lots } in rows {
        let style = style(dice);
        for lot in lots {
            let buildings = style.house(&lot, dice).into_iter().collect();
            plots.push(Plot { block: index, land: block.land, frame, front, lot, buildings });
        }
    }
    plots
}

fn special(index: usize, block: &Block, dice: &mut Dice) -> Option<Plot> {
    let Row { frame, front, lots } = lots::whole(&block.shape)?;
    let lot = lots.into_iter().next()?;
    let depth = lot.shape.reach(Coord { x: 0.0, y: 1.0 }).1;
    let buildings = match block.land {
        Land::Market => landmarks::market(&lot, dice),
        Land::Church => landmarks::church(&lot, depth * 0.3, dice).into_iter().collect(),
        Land::School => landmarks::school(&lot, dice).into_iter().collect(),
        Land::Kindergarten => landmarks::kindergarten(&lot, dice).into_iter().collect(),
        Land::Field if dice.chance(0.35) => landmarks::farm(&lot, dice).into_iter().collect(),
        _ => Vec::new(),
    };
    Some(Plot { block: index, land: block.land, frame, front, lot, buildings })
}

/// Takes some houses away, so that a few parcels lie empty; landmarks stay as long as there are others.
fn thin_out(plots: &mut [Plot], surplus: usize, dice: &mut Dice) {
    let mut order: Vec<usize> = (0..plots.len()).collect();
    dice.shuffle(&mut order);
    order.sort_by_key(|index| plots[*index].land != Land::Built);
    let mut left = surplus;
    for index in order {
        let taken = plots[index].buildings.len().min(left);
        plots[index].buildings.truncate(plots[index].buildings.len() - taken);
        left -= taken;
    }
}

fn add_outbuildings(plots: &mut [Plot], missing: usize, dice: &mut Dice) {
    let mut order: Vec<usize> = (0..plots.len()).collect();
    dice.shuffle(&mut order);
    let mut left = missing;
    for index in order {
        if left == 0 {
            return;
        }
        let plot = &mut plots[index];
        let Some(house) = plot.buildings.first() else { continue };
        if let Some(small) = outbuilding(&plot.lot, house, dice) {
            plot.buildings.push(small);
            left -= 1;
        }
    }
}
