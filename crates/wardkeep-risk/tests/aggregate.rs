//! The aggregate vectors of the specification, to a relative 1e-6.
#![allow(
    clippy::unwrap_used,
    clippy::float_cmp,
    clippy::unreadable_literal,
    reason = "tests of exact figures"
)]

use wardkeep_risk::engine::{
    AnnualLayer, Cache, Count, Evaluation, EventLayer, Link, Loss, Moments, Options, Part, Portfolio, Shock,
    plan,
};
use wardkeep_risk::law::LawSpec;
use wardkeep_risk::{Probability, Rate};

fn near(got: f64, text: &str) {
    let wanted: f64 = text.parse().unwrap();
    let digits = text.split_once('.').map_or(0, |(_, d)| d.len() as i32);
    let slack = (0.500_001 * 10f64.powi(-digits)).max(1e-6 * wanted.abs());
    assert!((got - wanted).abs() <= slack, "{got} is not {text}: off by {:e}", got / wanted - 1.0);
}

fn loss(spec: &LawSpec) -> Loss {
    Loss::of(spec).unwrap()
}
fn interval(p05: f64, p95: f64) -> Loss {
    loss(&LawSpec::Interval { p05, p95 })
}
fn pert() -> Loss {
    loss(&LawSpec::Pert { low: 1e5, mode: 3e5, high: 1e6, weight: 4.0 })
}
fn part(id: &str, rate: f64, loss: Loss) -> Part {
    Part { id: id.into(), count: Count::Poisson(Rate::new(rate).unwrap()), loss, link: Link::Alone }
}
fn fine(portfolio: &Portfolio, levels: &[f64]) -> Evaluation {
    plan(portfolio, &Options { cells: 1 << 16, levels: levels.to_vec() }, &Cache::new()).unwrap().1
}
fn var(evaluation: &Evaluation, pairs: &[(f64, &str)]) {
    for (q, text) in pairs {
        near(evaluation.var(*q).unwrap(), text);
    }
}
fn mean_sd(evaluation: &Evaluation, mean: &str, sd: &str) {
    near(evaluation.moments.mean.unwrap(), mean);
    near(evaluation.moments.sd().unwrap(), sd);
}

#[test]
fn pert_events() {
    let rare = fine(&Portfolio::of(vec![part("a", 0.1, pert())]), &[0.95, 0.99]);
    mean_sd(&rare, "38333.333", "131112.456");
    var(&rare, &[(0.95, "363095.49"), (0.99, "637330.30")]);
    let often = fine(&Portfolio::of(vec![part("a", 5.0, pert())]), &[0.95, 0.99]);
    mean_sd(&often, "1916666.667", "927105.069");
    near(often.no_loss, "0.0067379");
    var(&often, &[(0.95, "3575675.8"), (0.99, "4419408.5")]);
    near(often.tvar(0.99).unwrap(), "4870756.4");
}

#[test]
fn lognormal_events() {
    let rare = fine(
        &Portfolio::of(vec![part("a", 0.1, interval(1e5, 1e6))]),
        &[0.5, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999],
    );
    assert_eq!((rare.var(0.5), rare.var(0.9)), (Some(0.0), Some(0.0)));
    var(
        &rare,
        &[
            (0.95, "314179.06"),
            (0.99, "809772.19"),
            (0.995, "1049098.22"),
            (0.999, "1685231.63"),
            (0.9999, "2835149.4"),
        ],
    );
    near(rare.tvar(0.99).unwrap(), "1185169.2");
    near(rare.moments.skew().unwrap(), "6.593989207");
    near(rare.moments.mean.unwrap(), "40400.12826945729");
    near(rare.moments.sd().unwrap(), "163217.0364");
    near(rare.no_loss, "0.904837418");
    // Where nothing happens in most years the tail mean is the mean over the tail.
    near(rare.tvar(0.5).unwrap(), "80800.25653891");
    let two = fine(&Portfolio::of(vec![part("a", 2.0, interval(1e5, 1e6))]), &[0.5, 0.95, 0.99, 0.999]);
    var(&two, &[(0.5, "643396.8"), (0.95, "2213820.7"), (0.99, "3198732.6"), (0.999, "4647999.0")]);
    near(two.tvar(0.99).unwrap(), "3828836.9");
}

#[test]
fn uncertain_and_driven_rates() {
    let mut sector = Portfolio::of(vec![part("a", 2.0, interval(1e5, 1e6))]);
    sector.sectors = vec![0.25];
    sector.parts[0].link = Link::Sectors(vec![(0, 1.0)]);
    let mut own = Portfolio::of(vec![part("a", 2.0, interval(1e5, 1e6))]);
    own.parts[0].count = Count::Gamma { rate: Rate::new(2.0).unwrap(), variance: 0.25 };
    for portfolio in [sector, own] {
        let frail = fine(&portfolio, &[0.5, 0.95, 0.99, 0.999]);
        var(&frail, &[(0.5, "584932.0"), (0.95, "2451018.9"), (0.99, "3641022.3"), (0.999, "5330836.6")]);
        near(frail.tvar(0.99).unwrap(), "4376603.7");
        near(frail.moments.sd().unwrap(), "834273.9694");
        near(frail.no_loss, "0.1975308642");
    }
    let mut driven = Portfolio::of(vec![part("a", 2.0, interval(1e5, 1e6))]);
    driven.drivers = 1;
    driven.parts[0].link = Link::Driver(0, 0.5);
    let driven = fine(&driven, &[0.5, 0.95, 0.99, 0.999]);
    var(&driven, &[(0.5, "577770.9"), (0.95, "2472409.8"), (0.99, "3737539.6"), (0.999, "5596700.0")]);
    near(driven.tvar(0.99).unwrap(), "4543963.9");
    near(driven.no_loss, "0.1961785616");
}

fn a_and_b() -> Portfolio {
    Portfolio::of(vec![part("a", 0.1, interval(1e5, 1e6)), part("b", 0.5, pert())])
}

#[test]
fn two_scenarios_and_their_shares() {
    let portfolio = a_and_b();
    let both = fine(&portfolio, &[0.95, 0.99]);
    var(&both, &[(0.95, "898855.6"), (0.99, "1374224.0")]);
    near(both.tvar(0.99).unwrap(), "1701834.8");
    let shares = both.euler(&portfolio, 0.99, &Cache::new()).unwrap();
    near(shares[0].tail, "691094.6");
    near(shares[1].tail, "1010740.3");
    near(shares[0].tail + shares[1].tail, "1701834.8");
}

#[test]
fn a_shock_that_hits_both() {
    let mut portfolio = a_and_b();
    portfolio.shocks = vec![Shock { rate: Rate::new(0.05).unwrap(), hits: vec![0, 1], carved_out: false }];
    let extra = fine(&portfolio, &[0.99]);
    mean_sd(&extra, "271433.526", "387290.636");
    var(&extra, &[(0.99, "1625401.9")]);
    near(extra.tvar(0.99).unwrap(), "2024515.9");
    portfolio.shocks[0].carved_out = true;
    let carved = fine(&portfolio, &[0.99]);
    mean_sd(&carved, "232066.795", "357881.122");
    var(&carved, &[(0.99, "1504152.9")]);
    near(carved.tvar(0.99).unwrap(), "1883427.6");
    near(carved.no_loss, "0.5769498");
    let alone =
        |i: usize| Moments::of(&Portfolio::of(vec![a_and_b().parts[i].clone()]), &[true]).variance.unwrap();
    let (a, b) = (alone(0), alone(1));
    near((carved.moments.variance.unwrap() - a - b) / (2.0 * (a * b).sqrt()), "0.1618210036");
    let shares = carved.euler(&portfolio, 0.99, &Cache::new()).unwrap();
    near(shares.iter().map(|share| share.tail).sum(), "1883427.6");
    portfolio.shocks[0].rate = Rate::new(0.2).unwrap();
    assert!(portfolio.faults()[0].message.contains("more frequent than a"));
}

#[test]
fn secondary_loss() {
    let secondary = interval(1e5, 2e6).sometimes(Probability::new(0.3).unwrap());
    let portfolio = Portfolio::of(vec![part("a", 0.5, Loss::Sum(vec![interval(5e4, 5e5), secondary]))]);
    let year = fine(&portfolio, &[0.95, 0.99]);
    mean_sd(&year, "202549.893", "481531.265");
    var(&year, &[(0.95, "1027701.8"), (0.99, "2219363.6")]);
    near(year.tvar(0.99).unwrap(), "3308513.9");
}

#[test]
fn insurance() {
    let cache = Cache::new();
    let net = interval(1e5, 1e6).net_of(EventLayer { deductible: 250e3, limit: 500e3 }, &cache);
    let year = fine(&Portfolio::of(vec![part("a", 2.0, net)]), &[0.5, 0.95, 0.99]);
    near(year.moments.mean.unwrap(), "513867.085");
    var(&year, &[(0.5, "444026.9"), (0.95, "1336952.1"), (0.99, "2083487.3")]);
    let layer = AnnualLayer { retention: 500e3, limit: 1e6 };
    let mut portfolio = Portfolio::of(vec![part("a", 2.0, interval(1e5, 1e6))]);
    let gross = fine(&portfolio, &[0.95, 0.99]);
    let (recovery, reached, exhausted) = gross.annual_layer(layer).unwrap();
    near(recovery, "335101.91");
    near(reached, "0.5895886");
    near(exhausted, "0.1535602");
    portfolio.annual = Some(layer);
    let covered = fine(&portfolio, &[0.95, 0.99]);
    let mean = gross.moments.mean.unwrap();
    assert!((covered.moments.mean.unwrap() / (mean - recovery) - 1.0).abs() < 1e-6);
    assert!((covered.var(0.99).unwrap() / layer.net(gross.var(0.99).unwrap()) - 1.0).abs() < 1e-5);
    // The same cover on a group of all members gives the same year.
    let mut grouped = portfolio.clone();
    grouped.annual = None;
    grouped.groups = vec![wardkeep_risk::engine::Group { members: vec![0], layer }];
    let grouped = fine(&grouped, &[0.95, 0.99]);
    assert!((grouped.var(0.99).unwrap() / covered.var(0.99).unwrap() - 1.0).abs() < 1e-6);
    assert!((grouped.moments.sd().unwrap() / covered.moments.sd().unwrap() - 1.0).abs() < 1e-6);
}

#[test]
fn cover_per_event_of_composed_losses() {
    let cache = Cache::new();
    let layer = EventLayer { deductible: 250e3, limit: 500e3 };
    let secondary = interval(1e5, 2e6).sometimes(Probability::new(0.3).unwrap());
    let several = Loss::Sum(vec![interval(5e4, 5e5), secondary]);
    let contained = Loss::Mix(
        Probability::new(0.4).unwrap(),
        Box::new(interval(1e5, 1e6).scaled(0.3, "x").unwrap()),
        Box::new(interval(1e5, 1e6)),
    );
    for loss in [several, contained] {
        let (net, ceded) = (loss.net_of(layer, &cache), loss.ceded_to(layer, &cache));
        let mean = |loss: &Loss| loss.moment(1).unwrap();
        let miss = (mean(&net) + mean(&ceded)) / mean(&loss) - 1.0;
        assert!(miss.abs() < 1e-8, "{miss:e}");
        // Of each cell count from the coarse to the fine: the self-checks hold, and the figures agree.
        let portfolio = Portfolio::of(vec![part("a", 0.7, net)]);
        let levels = vec![0.95, 0.99, 0.999];
        let years: Vec<_> = [1 << 11, 1 << 13, 1 << 14, 1 << 16]
            .into_iter()
            .map(|cells| plan(&portfolio, &Options { cells, levels: levels.clone() }, &cache).unwrap().1)
            .collect();
        for year in &years {
            assert!(year.checks.vector_mass <= 1e-12, "{:?}", year.checks);
            let (got, fine) = (year.var(0.99).unwrap(), years[3].var(0.99).unwrap());
            assert!((got / fine - 1.0).abs() < 2e-3, "{got} {fine}");
        }
    }
    // A mix is covered branch by branch: exact, like one law.
    let one = interval(1e5, 1e6).net_of(layer, &cache);
    let half = Probability::new(0.5).unwrap();
    let twice = Loss::Mix(half, Box::new(interval(1e5, 1e6)), Box::new(interval(1e5, 1e6)));
    let twice = twice.net_of(layer, &cache);
    assert!((twice.moment(1).unwrap() / one.moment(1).unwrap() - 1.0).abs() < 1e-14);
}

#[test]
fn a_heavy_tail_needs_two_grids() {
    let rate = Probability::new(0.093).unwrap().rate().unwrap().times();
    let portfolio =
        Portfolio::of(vec![part("a", rate, loss(&LawSpec::Lognormal { mu: 12.56, sigma: 3.07 }))]);
    let year = fine(&portfolio, &[0.95, 0.99, 0.999, 0.9999]);
    near(year.moments.mean.unwrap(), "3096254");
    var(&year, &[(0.95, "236280"), (0.99, "13945080"), (0.999, "350737793"), (0.9999, "3677083280")]);
    assert!(year.curves.len() > 1);
}

#[test]
fn the_exponential_sum_has_a_closed_form() {
    use wardkeep_risk::maths::gamma;
    let cdf = |rate: f64, mean: f64, x: f64| {
        let mut weight = (-rate).exp();
        let mut sum = weight;
        for n in 1..400 {
            weight *= rate / f64::from(n);
            sum += weight * gamma::lower(f64::from(n), x / mean);
        }
        sum
    };
    for (rate, mean, x, text) in [
        (2.0, 1.0, 3.0, 0.753011300627772),
        (0.1, 1e5, 3e5, 0.994527773202029),
        (10.0, 50.0, 700.0, 0.821940139983255),
    ] {
        let exact: f64 = cdf(rate, mean, x);
        assert!((exact - text).abs() < 1e-12, "{exact}");
        let portfolio = Portfolio::of(vec![part("a", rate, loss(&LawSpec::Exponential { mean }))]);
        let year = fine(&portfolio, &[0.99, 0.999]);
        let got = 1.0 - year.exceeds(x).unwrap();
        assert!((got - exact).abs() < 2e-8, "{rate}: {got} {exact}");
    }
}

#[test]
fn panjer_agrees_cell_by_cell() {
    use wardkeep_risk::engine::{Grid, Plan, discretise, evaluate, panjer};
    let grid = Grid::ending_at(5e6, 1 << 11);
    let portfolio = Portfolio::of(vec![part("a", 2.0, interval(1e5, 1e6))]);
    let year = evaluate(&portfolio, &Plan { grids: vec![grid] }, &Cache::new()).unwrap();
    let law = LawSpec::Interval { p05: 1e5, p95: 1e6 }.build("x").unwrap();
    let logs: Vec<f64> = (0..grid.cells).map(|k| libm::log(k.max(1) as f64)).collect();
    let (event, _) = discretise(&*law, grid, &logs);
    let slow = panjer::compound_poisson(2.0, &event, grid.cells);
    let worst = slow.iter().zip(year.curves[0].masses()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(worst <= 3e-9, "{worst:e}");
}

#[test]
fn many_small_events_get_finer_cells() {
    let portfolio = Portfolio::of(vec![part("a", 2000.0, loss(&LawSpec::Exponential { mean: 1.0 }))]);
    let options = Options { cells: 1 << 12, levels: vec![0.5, 0.99] };
    let (plan, year) = plan(&portfolio, &options, &Cache::new()).unwrap();
    assert!(plan.grids[0].cells > 1 << 12 && year.checks.width <= 1e-3, "{plan:?} {:?}", year.checks);
}
