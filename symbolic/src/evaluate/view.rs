//! Views of a surface: more that it can do, with the same values and derivatives.

/// Makes a view of a surface the error function that its surface is.
macro_rules! is_its_surface {
    ($view:ty $(, <$source:ident: $bound:ident> where $($condition:tt)*)?) => {
        impl $(<$source: $bound>)? ErrorFunction for $view
        $(where $($condition)*)?
        {
            fn dimension(&self) -> usize {
                self.surface.dimension()
            }

            fn value(&self, w: &[f64]) -> f64 {
                self.surface.value(w)
            }

            fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
                self.surface.value_gradient(w, gradient)
            }

            fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
                self.surface.value_gradient_hessian(w, gradient, hessian)
            }

            fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
                self.surface.hessian_vector(w, v, product);
            }

            fn is_smooth(&self) -> bool {
                self.surface.is_smooth()
            }

            fn parameter_name(&self, index: usize, out: &mut dyn std::fmt::Write) -> std::fmt::Result {
                self.surface.parameter_name(index, out)
            }
        }
    };
}

pub(super) use is_its_surface;
