//! Loops over rows in tiles as Rust: panels are small arrays, every stage is a plain loop over their lanes.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::body::{Body, fixed_length, mentions, product};
use super::signature::{Element as Real, Form};
use crate::graph::{Affine, Array, Extent, Index, Subscript};
use crate::schedule::{
    Block, Element, Fill, Panel, Slot, Source, Stage, Statement, Target, Tiles, for_each_access,
};

/// Loops of so many statements at most are written out a second time for full tiles, where all lengths are constants.
const SMALL: usize = 96;

/// The loop over rows at hand.
pub(super) struct Tile {
    /// The row, and the name of its counter.
    pub(super) index: Index,
    pub(super) counter: Ident,
    pub(super) rows: usize,
    /// Whether a tile that lacks no rows is written out.
    pub(super) is_full: bool,
    /// Panels that other stages than a fill write.
    written: BTreeSet<Panel>,
    panels: Vec<Vec<Affine>>,
    pub(super) keeps_gradient: bool,
    pub(super) keeps_hessian: bool,
    /// Scalars that are written out once per position of an inner loop while several positions share a pass.
    pub(super) copied: Vec<(Slot, Index)>,
}

impl Body<'_> {
    /// A loop over rows.
    pub(super) fn tiles(&mut self, tiles: &Tiles) -> TokenStream {
        let (lo, hi) = (self.bound(&tiles.range.lo), self.bound(&tiles.range.hi));
        let counter = self.enter(tiles.index);
        self.tile = Some(Tile {
            index: tiles.index,
            counter,
            rows: tiles.rows,
            is_full: false,
            written: written(&tiles.stages),
            panels: tiles.panels.clone(),
            keeps_gradient: tiles.keeps_gradient,
            keeps_hessian: tiles.keeps_hessian,
            copied: Vec::new(),
        });
        let panels = self.panels(tiles);
        let (opened, closed) = self.kept(tiles);
        let (flow, ends) = self.flow(tiles);
        let stages = self.stages(&tiles.stages);
        let (size, lanes) = (Literal::usize_unsuffixed(tiles.rows), self.lane_count());
        let groups = self.groups(&stages, &quote!(rows.div_ceil(#lanes)));
        let passes = if statements(&tiles.stages) > SMALL {
            quote! {
                for start in (#lo..#hi).step_by(#size) {
                    let rows = usize::min(#size, #hi - start);
                    #groups
                    #stages
                }
            }
        } else {
            if let Some(tile) = &mut self.tile {
                tile.is_full = true;
            }
            let full_stages = self.stages(&tiles.stages);
            let full_groups = Literal::usize_unsuffixed(tiles.rows / self.kernel.lanes.count());
            let full_groups = self.groups(&full_stages, &quote!(#full_groups));
            quote! {
                let full = #lo + usize::saturating_sub(#hi, #lo) / #size * #size;
                for start in (#lo..full).step_by(#size) {
                    let rows = #size;
                    #full_groups
                    #full_stages
                }
                for start in (full..#hi).step_by(#size) {
                    let rows = #hi - start;
                    #groups
                    #stages
                }
            }
        };
        self.tile = None;
        self.counters.pop();
        quote! {{
            #panels
            #opened
            #flow
            #passes
            #closed
            #ends
        }}
    }

    /// The number of groups of rows, where stages mention it. For all that compilers know memory changes where an opaque
    /// number comes from, and sums that could stay in registers are written to memory before it.
    fn groups(&self, stages: &TokenStream, number: &TokenStream) -> Option<TokenStream> {
        let private = &self.private;
        let is_mentioned = mentions(stages, &format_ident!("groups"));
        is_mentioned.then(|| quote!(let groups = #private::lanes::opaque(#number);))
    }

    /// An element of a panel in the lane at hand.
    pub(super) fn lane(&self, panel: Panel, at: &[Affine]) -> TokenStream {
        let lanes = self.all_lanes(panel, at);
        quote!(#lanes[lane])
    }

    /// All lanes of a position of a panel.
    pub(super) fn all_lanes(&self, panel: Panel, at: &[Affine]) -> TokenStream {
        let name = format_ident!("p{}", panel.0);
        let shape = self.tile.as_ref().and_then(|tile| tile.panels.get(panel.0 as usize));
        match shape {
            Some(shape) if !shape.is_empty() => {
                let at = self.row_major(shape, at);
                quote!(#name[#at])
            }
            _ => quote!(#name),
        }
    }

    fn panels(&self, tiles: &Tiles) -> TokenStream {
        let private = &self.private;
        let size = Literal::usize_unsuffixed(tiles.rows);
        let mut tokens = TokenStream::new();
        for (at, shape) in tiles.panels.iter().enumerate() {
            let name = format_ident!("p{at}");
            tokens.extend(match fixed_length(shape) {
                Some(_) if shape.is_empty() => {
                    quote!(let mut #name = #private::lanes::Aligned([0.0; #size]);)
                }
                Some(length) => {
                    let length = Literal::u64_unsuffixed(length);
                    quote!(let mut #name = #private::lanes::Aligned([[0.0; #size]; #length]);)
                }
                None => match self.generic_array(shape, quote!([0.0; #size])) {
                    Some((array, flat)) => {
                        quote!(let mut #name = #private::lanes::Aligned(#array); let #name = #name #flat;)
                    }
                    None => {
                        let length = self.table_length(shape);
                        quote! {
                            let (#name, workspace) = workspace.split_at_mut((#length) * #size);
                            let #name = #name.as_chunks_mut::<#size>().0;
                        }
                    }
                },
            });
        }
        tokens
    }

    /// Sums that stay in lanes for the whole loop: where they begin, and where they end.
    fn kept(&self, tiles: &Tiles) -> (TokenStream, TokenStream) {
        let (private, width) = (&self.private, self.lane_count());
        let (mut opened, mut closed) = (TokenStream::new(), TokenStream::new());
        let mut slots = Vec::new();
        accumulators(&tiles.stages, &mut slots);
        for slot in slots {
            let (name, target) = (format_ident!("s{}", slot.0), self.slot(slot));
            opened.extend(quote!(let mut #name = [0.0; #width];));
            closed.extend(quote!(#target += machine.total(machine.load(&#name));));
        }
        let targets = targets(&tiles.stages);
        let mut keep = |name: &Ident, length: usize| {
            let (lanes, length) = (format_ident!("{name}_lanes"), Literal::usize_unsuffixed(length));
            opened.extend(quote!(let mut #lanes = #private::lanes::Aligned([[0.0; #width]; #length]);));
            closed.extend(quote!(#private::lanes::add_totals(machine, &*#lanes, #name);));
        };
        if let Some(count) = self.count {
            if tiles.keeps_gradient && targets.iter().any(|t| matches!(t, Target::Gradient(_))) {
                keep(&self.target(), count);
            }
            if tiles.keeps_hessian
                && targets
                    .iter()
                    .any(|t| matches!(t, Target::Hessian(_, _, triangle) if triangle.is_one_entry()))
            {
                keep(&format_ident!("hessian"), count * (count + 1) / 2);
            }
        }
        (opened, closed)
    }

    pub(super) fn stages(&mut self, stages: &[Stage]) -> TokenStream {
        let mut tokens = TokenStream::new();
        let mut rest = stages;
        while let Some((stage, others)) = rest.split_first() {
            let fills: Vec<&Fill> = rest.iter().map_while(as_fill).collect();
            if fills.is_empty() {
                tokens.extend(self.stage(stage));
                rest = others;
            } else {
                tokens.extend(self.fills(&fills));
                rest = &rest[fills.len()..];
            }
        }
        tokens
    }

    fn stage(&mut self, stage: &Stage) -> TokenStream {
        let private = self.private.clone();
        match stage {
            Stage::Scalar(slot, operation) => self.statement(&Statement::Let(*slot, operation.clone())),
            Stage::Fill(fill) => self.fill(fill),
            Stage::Lanes(block) => {
                let block = self.block(block);
                self.for_lanes(&block)
            }
            Stage::Call(function, args, panel) => {
                let result = self.all_lanes(*panel, &[]);
                let name = Ident::new(function.name(), proc_macro2::Span::call_site());
                if let [Source::Panel(source, at)] = &args[..]
                    && function.has_lanes()
                {
                    let (source, width) = (self.all_lanes(*source, at), self.lane_count());
                    return quote! {
                        #private::lanes::groups::#name::<M, #width>(
                            #source.as_chunks().0,
                            #result.as_chunks_mut().0,
                        );
                    };
                }
                let args: Vec<TokenStream> = args
                    .iter()
                    .map(|arg| match arg {
                        Source::Panel(panel, at) => self.lane(*panel, at),
                        Source::Scalar(operand) => self.operand(*operand),
                    })
                    .collect();
                let path = function.has_lanes().then(|| quote!(#private::lanes::#name::<M>));
                let path = path.unwrap_or_else(|| self.path(*function));
                self.for_lanes(&quote!(#result[lane] = #path(#(#args),*);))
            }
            Stage::Loop(index, range, inner) => self.inner(*index, range, inner),
            Stage::Reduce(block, sums) => self.reduce(&[(Vec::new(), block, sums)]),
            Stage::Stream(stream) => self.stream(stream),
            Stage::Scatter(block, statement) => self.scatter(block, statement),
            Stage::Clip(panel, at) => {
                let (name, clear) = (format_ident!("p{}", panel.0), self.clear());
                let is_single =
                    self.tile.as_ref().is_some_and(|tile| tile.panels[panel.0 as usize].is_empty());
                match at {
                    None if !is_single => quote! {
                        for lanes in #name.iter_mut() {
                            #clear(lanes, rows);
                        }
                    },
                    at => {
                        let lanes = self.all_lanes(*panel, at.as_deref().unwrap_or_default());
                        quote!(#clear(&mut #lanes, rows);)
                    }
                }
            }
        }
    }

    /// How many rows run at a time.
    pub(super) fn lane_count(&self) -> Literal {
        Literal::usize_unsuffixed(self.kernel.lanes.count())
    }

    /// The function that clears what a panel has beyond the last row.
    pub(super) fn clear(&self) -> TokenStream {
        let (private, lanes) = (&self.private, self.lane_count());
        let size = Literal::usize_unsuffixed(self.tile.as_ref().map_or(0, |tile| tile.rows));
        quote!(#private::lanes::clear::<#lanes, #size>)
    }

    /// A loop over all lanes of a tile.
    pub(super) fn for_lanes(&self, body: &TokenStream) -> TokenStream {
        let Some(tile) = &self.tile else { return TokenStream::new() };
        let (size, counter) = (Literal::usize_unsuffixed(tile.rows), &tile.counter);
        let bind = mentions(body, counter).then(|| quote!(let #counter = start + lane;));
        quote! {
            for lane in 0..#size {
                #bind
                #body
            }
        }
    }

    /// Brings in an input: whole columns at once where it lies in memory like that.
    pub(super) fn fill(&mut self, fill: &Fill) -> TokenStream {
        let Some((row, counter)) = self.tile.as_ref().map(|t| (t.index, t.counter.clone())) else {
            return TokenStream::new();
        };
        let (private, clear) = (self.private.clone(), self.clear());
        let panel = format_ident!("p{}", fill.panel.0);
        if let Element::Array(array, subscripts) = &fill.element
            && let Some(first) = self.contiguous(*array, subscripts, row)
        {
            let name = &self.arrays[array.0 as usize];
            match (&fill.axes[..], subscripts.len()) {
                ([], 1)
                    if self.tile.as_ref().is_some_and(|t| t.is_full && !t.written.contains(&fill.panel)) =>
                {
                    let size = self.tile.as_ref().map(|tile| Literal::usize_unsuffixed(tile.rows));
                    return quote!(let #panel = #private::lanes::window::<#size>(&#name[#first..]););
                }
                ([], 1) => {
                    return quote! {
                        #panel[..rows].copy_from_slice(&#name[#first..][..rows]);
                        #clear(&mut #panel, rows);
                    };
                }
                ([axis], 2) if subscripts[1] == Subscript::index(*axis) && !self.is_flat(*array) => {
                    return quote!(#private::lanes::columns(machine, &#name[#first..][..rows], &mut #panel););
                }
                _ => {}
            }
        }
        let at: Vec<Affine> = fill.axes.iter().map(|&axis| Affine::index(axis)).collect();
        let depth = self.counters.len();
        let mut loops = Vec::new();
        for &axis in &fill.axes {
            let range = self.kernel.indices[axis.0 as usize].range.clone();
            let hi = self.bound(&range.hi);
            loops.push((self.enter(axis), hi));
        }
        let lanes = self.all_lanes(fill.panel, &at);
        let element = match &fill.element {
            Element::Array(array, subscripts) => self.load(*array, subscripts),
            Element::Table(table, at) => self.read(*table, at),
        };
        self.counters.truncate(depth);
        let bind = mentions(&element, &counter).then(|| quote!(let #counter = start + lane;));
        let body = quote! {
            for lane in 0..rows {
                #bind
                #lanes[lane] = #element;
            }
            #clear(&mut #lanes, rows);
        };
        loops.into_iter().rev().fold(body, |body, (counter, hi)| quote!(for #counter in 0..#hi { #body }))
    }

    /// The first element of a tile, where the rows of an array lie one after another.
    fn contiguous(&self, array: Array, subscripts: &[Subscript], row: Index) -> Option<TokenStream> {
        let is_plain = self.arguments.iter().any(|a| {
            a.array == array && a.form != Form::Scalar && a.element == Real::Double && !a.has_vectors
        });
        let offset = subscripts.first()?.as_affine()?.sub(&Affine::index(row)).as_constant()?;
        if !is_plain || offset < 0 {
            return None;
        }
        let offset = Literal::i64_unsuffixed(offset);
        Some(if offset.to_string() == "0" { quote!(start) } else { quote!(start + #offset) })
    }

    pub(super) fn is_flat(&self, array: Array) -> bool {
        let named_later =
            self.kernel.arrays[array.0 as usize].shape.iter().skip(1).any(|e| matches!(e, Extent::Named(_)));
        named_later || self.arguments.iter().any(|a| a.array == array && a.form == Form::Flat)
    }

    /// The number of elements of all panels that lie in the workspace.
    pub(super) fn panel_lengths(&self, block: &Block, lengths: &mut Vec<TokenStream>) {
        for statement in block {
            match statement {
                Statement::Loop(_, _, body) => self.panel_lengths(body, lengths),
                Statement::Tiles(tiles) => {
                    let size = Literal::usize_unsuffixed(tiles.rows);
                    for shape in tiles.panels.iter().filter(|shape| self.is_of_run_time(shape)) {
                        let length = product(shape.iter().map(|length| self.bound(length)));
                        lengths.push(quote!((#length) * #size));
                    }
                }
                _ => {}
            }
        }
    }
}

fn as_fill(stage: &Stage) -> Option<&Fill> {
    match stage {
        Stage::Fill(fill) => Some(fill),
        _ => None,
    }
}

fn statements(stages: &[Stage]) -> usize {
    let size = |stage: &Stage| match stage {
        Stage::Lanes(block) => block.len(),
        Stage::Loop(_, _, inner) => 2 * statements(inner),
        Stage::Reduce(block, sums) => block.len() + sums.iter().map(|sum| sum.terms.len()).sum::<usize>(),
        Stage::Stream(stream) => stream.block.len() + stream.sums.len() + 2 * stream.outgoing.len(),
        Stage::Scatter(block, statements) => block.len() + statements.len(),
        Stage::Call(..) => 20,
        Stage::Scalar(..) | Stage::Fill(_) | Stage::Clip(..) => 1,
    };
    stages.iter().map(size).sum()
}

/// The panels that stages write, fills left out; those filled more than once are among them.
fn written(stages: &[Stage]) -> BTreeSet<Panel> {
    let (mut filled, mut written) = (BTreeSet::new(), BTreeSet::new());
    for stage in stages {
        let is_fill = matches!(stage, Stage::Fill(_));
        for_each_access(stage, &mut |panel, _, is_written| {
            if is_written && (!is_fill || !filled.insert(panel)) {
                written.insert(panel);
            }
        });
    }
    written
}

fn targets(stages: &[Stage]) -> Vec<&Target> {
    let mut found = Vec::new();
    for stage in stages {
        match stage {
            Stage::Reduce(_, sums) => found.extend(sums.iter().map(|sum| &sum.target)),
            Stage::Loop(_, _, inner) => found.extend(targets(inner)),
            _ => {}
        }
    }
    found
}

/// Accumulators outside the loop that stages add to, in order of appearance.
fn accumulators(stages: &[Stage], slots: &mut Vec<Slot>) {
    for target in targets(stages) {
        if let Target::Slot(slot) = target
            && !slots.contains(slot)
        {
            slots.push(*slot);
        }
    }
}
