// What the variables at the top of a dashboard select. A pool without the label is selected by `All`.

export const pool = 'pool=~"$pool"'
export const queue = `${pool}, queue=~"$queue"`
export const task = `${queue}, task=~"$task"`
export const resource = `${pool}, resource=~"$resource"`

/** How often something happened per second, over the shortest time that a point of the panel can tell. */
export const perSecond = (series: string, by = '') => `sum${by && ` by (${by})`} (rate(${series}[$__rate_interval]))`

/** The value below which this share of what a histogram has seen lies. */
export const quantile = (share: number, histogram: string, selector: string, by = '') =>
  `histogram_quantile(${share}, sum by (le${by && `, ${by}`}) (rate(${histogram}_bucket{${selector}}[$__rate_interval])))`

/** Three places of a distribution, as lines of one panel. */
export const spread = (histogram: string, selector: string) => [
  { expr: quantile(0.5, histogram, selector), legend: 'half of them' },
  { expr: quantile(0.95, histogram, selector), legend: '95 %' },
  { expr: quantile(0.99, histogram, selector), legend: '99 %' },
]

/** For a heatmap. */
export const buckets = (histogram: string, selector: string) =>
  `sum by (le) (increase(${histogram}_bucket{${selector}}[$__rate_interval]))`
