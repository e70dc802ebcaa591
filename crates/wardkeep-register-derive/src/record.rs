//! Derive for structs: a register's fields.

use crate::facts::doc;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Error, Field, Fields, LitStr};

const FLAGS: [&str; 8] = ["title", "list", "filter", "due", "unique", "computed", "confidential", "personal"];

fn facts(field: &Field) -> syn::Result<TokenStream> {
    let mut set = TokenStream::new();
    for attribute in field.attrs.iter().filter(|a| a.path().is_ident("field")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("label") {
                let text: LitStr = meta.value()?.parse()?;
                set.extend(quote!(field.label = ::std::option::Option::Some(#text);));
                return Ok(());
            }
            let Some(flag) = FLAGS.iter().find(|f| meta.path.is_ident(f)) else {
                return Err(meta.error(format!("unknown word; use {} or label = \"...\"", FLAGS.join(", "))));
            };
            let flag = format_ident!("{flag}");
            set.extend(quote!(field.#flag = true;));
            Ok(())
        })?;
    }
    Ok(set)
}

pub fn derive(input: &DeriveInput) -> syn::Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(input, "only a struct can be a record"));
    };
    let Fields::Named(named) = &data.fields else {
        return Err(Error::new_spanned(input, "a record has named fields"));
    };
    let name = &input.ident;
    let (mut fields, mut handles, mut idents, mut types) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (index, field) in named.named.iter().enumerate() {
        let ident = field.ident.as_ref().ok_or_else(|| Error::new_spanned(field, "a field has a name"))?;
        let (r#type, text, help, set) = (&field.ty, ident.to_string(), doc(&field.attrs), facts(field)?);
        if help.is_empty() {
            return Err(Error::new_spanned(
                field,
                "a field needs a doc comment: it is the help text people read",
            ));
        }
        fields.push(quote! {{
            let mut field = ::wardkeep_register::Field::new(#text, #help, <#r#type as ::wardkeep_register::FieldType>::KIND);
            field.required = <#r#type as ::wardkeep_register::FieldType>::REQUIRED;
            field.form = <#r#type as ::wardkeep_register::FieldType>::FORM;
            #set
            field
        }});
        let (handle, help) = (format_ident!("{}", text.to_uppercase()), format!("Handle of `{text}`."));
        handles.push(quote! {
            #[doc = #help]
            pub const #handle: ::wardkeep_register::FieldHandle = ::wardkeep_register::FieldHandle(#index);
        });
        idents.push(ident);
        types.push(r#type);
    }
    let indices = 0..idents.len();
    Ok(quote! {
        impl #name { #(#handles)* }
        impl ::wardkeep_register::Record for #name {
            const FIELDS: &'static [::wardkeep_register::Field] = &[#(#fields),*];
            fn to_values(&self) -> ::std::vec::Vec<::wardkeep_register::Value> {
                ::std::vec![#(<#types as ::wardkeep_register::FieldType>::to_value(&self.#idents)),*]
            }
            fn from_values(values: &[::wardkeep_register::Value])
                -> ::std::result::Result<Self, ::wardkeep_types::Problems>
            {
                let mut problems = ::wardkeep_types::Problems::new();
                #(let #idents = ::wardkeep_register::read_field::<#types>(
                    &Self::FIELDS[#indices], values.get(#indices), &mut problems);)*
                match (#(#idents,)*) {
                    (#(::std::option::Option::Some(#idents),)*) if problems.is_empty() => ::std::result::Result::Ok(Self { #(#idents),* }),
                    _ => ::std::result::Result::Err(problems),
                }
            }
        }
    })
}
