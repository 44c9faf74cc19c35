//! Error functions written once over any number type, with derivatives by dual numbers: an oracle that
//! shares nothing with the crate under test.

use hesse_runtime::{ErrorFunction, packed};
use nalgebra::DVector;
use num_dual::DualNum;
use std::ops::{Deref, DerefMut};

pub(crate) trait Formula {
    fn dimension(&self) -> usize;
    fn error<D: DualNum<Primitive = f64>>(&self, w: &[D]) -> D;
}

pub(crate) struct Surface<F>(pub(crate) F);

impl<F> Deref for Surface<F> {
    type Target = F;
    fn deref(&self) -> &F {
        &self.0
    }
}

impl<F> DerefMut for Surface<F> {
    fn deref_mut(&mut self) -> &mut F {
        &mut self.0
    }
}

impl<F: Formula> ErrorFunction for Surface<F> {
    fn dimension(&self) -> usize {
        self.0.dimension()
    }

    fn value(&self, w: &[f64]) -> f64 {
        self.0.error(w)
    }

    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        let at = DVector::from_column_slice(w);
        let (value, b) = num_dual::gradient(|w: DVector<_>| self.0.error(w.as_slice()), &at);
        gradient.copy_from_slice(b.as_slice());
        value
    }

    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        let at = DVector::from_column_slice(w);
        let (value, b, h) = num_dual::hessian(|w: DVector<_>| self.0.error(w.as_slice()), &at);
        gradient.copy_from_slice(b.as_slice());
        hessian.copy_from_slice(&packed::from_matrix(&h));
        value
    }

    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        let mut hessian = vec![0.0; packed::length(w.len())];
        self.value_gradient_hessian(w, product, &mut hessian);
        packed::multiply(&hessian, v, product);
    }
}

/// Declares a formula of named parameters, its constants being fields.
#[macro_export]
macro_rules! formula {
    ($name:ident { $($constant:ident),* } ($($w:ident),+) = $body:expr) => {
        struct $name { $($constant: f64),* }

        impl surface::Formula for $name {
            fn dimension(&self) -> usize {
                [$(stringify!($w)),+].len()
            }
            fn error<D: num_dual::DualNum<Primitive = f64>>(&self, w: &[D]) -> D {
                let Self { $($constant),* } = *self;
                let [$($w),+] = w else { panic!("wrong number of parameters") };
                $(let $w = || $w.clone();)+
                $body
            }
        }
    };
}
