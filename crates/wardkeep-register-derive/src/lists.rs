//! Derives for enums: choices and stages.

use crate::facts::{doc, label, sentence, snake};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Ident, Variant};

struct Entry<'a> {
    variant: &'a Variant,
    ident: &'a Ident,
    key: String,
    label: String,
    help: String,
}

fn entries(input: &DeriveInput) -> syn::Result<Vec<Entry<'_>>> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(input, "only an enum can be a list"));
    };
    data.variants
        .iter()
        .map(|variant| {
            if !matches!(variant.fields, Fields::Unit) {
                return Err(Error::new_spanned(variant, "an entry of a list carries no data"));
            }
            let key = snake(&variant.ident.to_string());
            let label = label(&variant.attrs)?.unwrap_or_else(|| sentence(&key));
            Ok(Entry { variant, ident: &variant.ident, key, label, help: doc(&variant.attrs) })
        })
        .collect()
}

fn keys(entries: &[Entry<'_>]) -> TokenStream {
    let (idents, keys): (Vec<_>, Vec<_>) = entries.iter().map(|e| (e.ident, &e.key)).unzip();
    quote! {
        fn key(self) -> &'static str { match self { #(Self::#idents => #keys,)* } }
        fn from_key(key: &str) -> ::std::option::Option<Self> {
            match key { #(#keys => ::std::option::Option::Some(Self::#idents),)* _ => ::std::option::Option::None }
        }
    }
}

pub fn choice(input: &DeriveInput) -> syn::Result<TokenStream> {
    let (name, entries) = (&input.ident, entries(input)?);
    let functions = keys(&entries);
    let options = entries.iter().map(|Entry { key, label, help, .. }| {
        quote!(::wardkeep_register::ChoiceOption { key: #key, label: #label, help: #help })
    });
    Ok(quote! {
        impl ::wardkeep_register::Choice for #name {
            const OPTIONS: &'static [::wardkeep_register::ChoiceOption] = &[#(#options),*];
            #functions
        }
        impl ::wardkeep_register::FieldType for #name {
            const KIND: ::wardkeep_register::Kind =
                ::wardkeep_register::Kind::Choice(<Self as ::wardkeep_register::Choice>::OPTIONS);
            fn to_value(&self) -> ::wardkeep_register::Value {
                ::wardkeep_register::Value::Choice(::wardkeep_register::Choice::key(*self).to_owned())
            }
            fn from_value(value: &::wardkeep_register::Value) -> ::std::option::Option<Self> {
                match value {
                    ::wardkeep_register::Value::Choice(key) => ::wardkeep_register::Choice::from_key(key),
                    _ => ::std::option::Option::None,
                }
            }
        }
    })
}

pub fn stages(input: &DeriveInput) -> syn::Result<TokenStream> {
    let (name, entries) = (&input.ident, entries(input)?);
    let functions = keys(&entries);
    let stages = entries
        .iter()
        .map(|Entry { variant, key, label, help, .. }| {
            let marked = |mark: &str| variant.attrs.iter().any(|a| a.path().is_ident(mark));
            let category = match (marked("open"), marked("done")) {
                (true, false) => quote!(Open),
                (false, true) => quote!(Done),
                _ => return Err(Error::new_spanned(variant, "mark each stage as #[open] or #[done]")),
            };
            Ok(quote!(::wardkeep_register::StageSchema {
                key: #key, label: #label, help: #help, category: ::wardkeep_register::StageCategory::#category
            }))
        })
        .collect::<syn::Result<Vec<_>>>()?;
    Ok(quote! {
        impl ::wardkeep_register::Stages for #name {
            const STAGES: &'static [::wardkeep_register::StageSchema] = &[#(#stages),*];
            #functions
        }
    })
}
