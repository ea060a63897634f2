/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/wall_time.h"
#include "insight/format.h"
#include "insight/html.h"
#include "insight/report_plot.h"

struct totals {
    size_t visits, passes, zones, cut;
    struct dw_span span;
    int64_t measured_us, scheduled_us;
};

static void add_span(struct totals *totals, const struct dw_report_camera *camera)
{
    const struct dw_spans *spans = &camera->scheduled;
    totals->measured_us += dw_spans_total(&camera->measured);
    totals->scheduled_us += dw_spans_total(spans);
    if (spans->count == 0)
        return;
    struct dw_span span = { spans->items[0].start_us, spans->items[spans->count - 1].end_us };
    bool first = totals->span.start_us == totals->span.end_us;
    totals->span.start_us = first ? span.start_us : DW_MIN(totals->span.start_us, span.start_us);
    totals->span.end_us = first ? span.end_us : DW_MAX(totals->span.end_us, span.end_us);
}

/* Of one camera, or of all when NULL. */
static struct totals add_up(const struct dw_report *report, const struct dw_report_camera *camera)
{
    struct totals totals = { 0 };
    for (size_t i = 0; i < report->zones.count; i++) {
        const struct dw_report_zone *zone = &report->zones.items[i];
        if (camera != NULL && zone->camera_id != camera->id)
            continue;
        totals.zones++;
        totals.visits += zone->visits;
        totals.passes += zone->passes;
        totals.cut += zone->cut_visits;
    }
    for (size_t i = 0; i < report->cameras.count; i++)
        if (camera == NULL || camera == &report->cameras.items[i])
            add_span(&totals, &report->cameras.items[i]);
    return totals;
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void write_header(const struct dw_report *report, const char *title, struct dw_buf *out)
{
    char span[DW_FORMAT_SIZE], measured[DW_FORMAT_SIZE], coverage[DW_FORMAT_SIZE];
    struct totals totals = add_up(report, NULL);
    dw_buf_puts(out, "<header>\n<p class=\"kicker\">Dwell report</p>\n");
    dw_html_element(out, "h1", title);
    if (report->cameras.count == 0) {
        dw_buf_puts(out,
                    "\n<p class=\"lede\">Nothing was measured in this period.</p>\n</header>\n");
        return;
    }
    dw_buf_printf(out,
                  "\n<p class=\"lede\"><b>%zu visit%s</b> and %zu pass%s in %zu zone%s.<br>%s, "
                  "%s measured",
                  totals.visits, plural(totals.visits), totals.passes,
                  totals.passes == 1 ? "" : "es", totals.zones, plural(totals.zones),
                  dw_format_span(span, totals.span),
                  dw_format_seconds(measured, dw_time_to_seconds(totals.measured_us)));
    if (totals.scheduled_us > 0) {
        dw_buf_puts(out, ", coverage ");
        dw_html_text(out, dw_format_percent(coverage, (double)totals.measured_us /
                                                          (double)totals.scheduled_us));
    }
    dw_buf_puts(out, ".</p>\n</header>\n");
}

static void put_number(struct dw_buf *out, const char *term, const char *value)
{
    dw_buf_puts(out, "<div>");
    dw_html_element(out, "dt", term);
    dw_html_element(out, "dd", value);
    dw_buf_puts(out, "</div>");
}

static void put_count(struct dw_buf *out, const char *term, size_t count)
{
    char text[DW_FORMAT_SIZE];
    snprintf(text, sizeof(text), "%zu", count);
    put_number(out, term, text);
}

static void write_numbers(const struct dw_report *report, const struct dw_report_camera *camera,
                          struct dw_buf *out)
{
    char text[DW_FORMAT_SIZE];
    struct totals totals = add_up(report, camera);
    dw_buf_puts(out, "<dl class=\"numbers\">");
    put_count(out, "visits", totals.visits);
    put_count(out, "passes", totals.passes);
    put_count(out, "of the visits cut off", totals.cut);
    put_number(out, "measured", dw_format_seconds(text, dw_time_to_seconds(totals.measured_us)));
    snprintf(text, sizeof(text), "-");
    if (totals.scheduled_us > 0)
        dw_format_percent(text, (double)totals.measured_us / (double)totals.scheduled_us);
    put_number(out, "coverage", text);
    dw_buf_puts(out, "</dl>\n");
}

static void write_funnel_row(struct dw_buf *out, const char *term, size_t count, size_t all)
{
    dw_html_element(out, "dt", term);
    dw_buf_printf(out,
                  "<dd class=\"track-bar\"><i style=\"width:%.1f%%\"></i></dd>"
                  "<dd class=\"count\">%zu</dd>\n",
                  all > 0 ? 100 * (double)count / (double)all : 0.0, count);
}

static void write_funnel(const struct dw_report_zone *zone, struct dw_buf *out)
{
    char level[DW_FORMAT_SIZE], term[2 * DW_FORMAT_SIZE];
    size_t all = zone->stays.count;
    dw_buf_puts(out, "<dl class=\"funnel sans\">\n");
    write_funnel_row(out, "all stays", all, all);
    write_funnel_row(out, "visits", zone->visits, all);
    dw_format_level(level, zone->stop.level_us);
    snprintf(term, sizeof(term), "stop, %s", level);
    write_funnel_row(out, term, zone->stop.hits, all);
    dw_format_level(level, zone->engage.level_us);
    snprintf(term, sizeof(term), "engage, %s", level);
    write_funnel_row(out, term, zone->engage.hits, all);
    dw_buf_puts(out, "</dl>\n");
}

static void write_card(const struct dw_report_zone *zone, int colour, struct dw_buf *out)
{
    char text[DW_FORMAT_SIZE];
    dw_buf_printf(out, "<article class=\"card z%d\">\n", colour);
    dw_html_element(out, "h4", zone->zone.name);
    dw_buf_puts(out, "\n<p class=\"big\">");
    dw_html_text(out, dw_format_quantile(text, zone, &zone->median));
    dw_buf_puts(out, "</p>\n<p class=\"note\">median dwell");
    if (zone->median.known) {
        dw_buf_puts(out, ", 95 % interval ");
        dw_html_text(out, dw_format_quantile_interval(text, &zone->median));
    }
    dw_buf_printf(out, ", n&nbsp;=&nbsp;%zu</p>\n", zone->visits);
    write_funnel(zone, out);
    dw_buf_puts(out, "<figure>\n");
    dw_plot_dwell(zone, colour, out);
    dw_buf_puts(out, "<figcaption>Share of visits still there after this time, with its 95&nbsp;% "
                     "interval; dotted: stop and engage</figcaption>\n</figure>\n");
    dw_buf_printf(out,
                  "<p class=\"note\">%zu people, %zu entries; on average %.2f present at once, "
                  "%zu at most.</p>\n</article>\n",
                  zone->people, zone->entries, zone->occupancy_average, zone->occupancy_peak);
}

static void write_cards(const struct dw_report *report, const struct dw_report_camera *camera,
                        struct dw_buf *out)
{
    size_t number = 0;
    dw_buf_puts(out, "<h3>How long people stayed</h3>\n<div class=\"cards\">\n");
    for (size_t i = 0; i < report->zones.count; i++)
        if (report->zones.items[i].camera_id == camera->id)
            write_card(&report->zones.items[i], dw_plot_colour(number++), out);
    dw_buf_puts(out, "</div>\n");
}

static void begin_table(struct dw_buf *out, const char *caption, const char *const *headings,
                        size_t count)
{
    dw_buf_puts(out, "<div class=\"scroll\"><table>");
    dw_html_element(out, "caption", caption);
    dw_buf_puts(out, "<thead><tr>");
    for (size_t i = 0; i < count; i++) {
        dw_buf_puts(out, "<th scope=\"col\">");
        dw_html_text(out, headings[i]);
        dw_buf_puts(out, "</th>");
    }
    dw_buf_puts(out, "</tr></thead><tbody>\n");
}

static void end_table(struct dw_buf *out)
{
    dw_buf_puts(out, "</tbody></table></div>\n");
}

static void begin_zone_row(struct dw_buf *out, const struct dw_report_zone *zone, int colour)
{
    dw_buf_printf(out, "<tr class=\"z%d\"><th scope=\"row\"><span class=\"chip\"></span>", colour);
    dw_html_text(out, zone->zone.name);
    dw_buf_puts(out, "</th>");
}

/* "3, 1, 0": entries over edge 1, 2, ...; and how many came from nowhere seen. */
static void write_sides(struct dw_buf *out, const struct dw_report_zone *zone)
{
    dw_buf_printf(out, "<td>%zu", zone->entries);
    if (zone->entries > zone->side_entries[0]) {
        dw_buf_puts(out, "<small>by side ");
        for (size_t side = 1; side <= zone->zone.corner_count; side++)
            dw_buf_printf(out, "%s%zu", side > 1 ? ", " : "", zone->side_entries[side]);
        dw_buf_puts(out, "</small>");
    }
    dw_buf_puts(out, "</td>");
}

static void write_counts_row(struct dw_buf *out, const struct dw_report_zone *zone, int colour)
{
    char text[DW_FORMAT_SIZE];
    begin_zone_row(out, zone, colour);
    dw_buf_printf(out, "<td>%zu</td><td>%zu</td><td>%zu</td>", zone->visits, zone->people,
                  zone->passes);
    write_sides(out, zone);
    dw_buf_printf(out, "<td>%.2f</td><td>%zu</td><td>%zu<small>and %zu passes",
                  zone->occupancy_average, zone->occupancy_peak, zone->staff_visits,
                  zone->staff_passes);
    if (zone->staff_share > 0)
        dw_buf_printf(out, ", %.1f&nbsp;%% of all stays", 100 * zone->staff_share);
    dw_buf_puts(out, "</small></td>");
    dw_html_element(out, "td",
                    dw_format_seconds(text, dw_time_to_seconds(dw_spans_total(&zone->measured))));
    dw_html_element(out, "td", dw_format_percent(text, zone->coverage));
    dw_buf_puts(out, "</tr>\n");
}

static void put_with_interval(struct dw_buf *out, const char *value, const char *interval)
{
    dw_buf_puts(out, "<td>");
    dw_html_text(out, value);
    if (strcmp(interval, "-") != 0)
        dw_html_element(out, "small", interval);
    dw_buf_puts(out, "</td>");
}

static void write_dwell_row(struct dw_buf *out, const struct dw_report_zone *zone, int colour)
{
    char value[DW_FORMAT_SIZE], interval[DW_FORMAT_SIZE];
    const struct dw_report_quantile *quantiles[] = { &zone->median, &zone->p75, &zone->p90 };
    const struct dw_report_share *shares[] = { &zone->stop, &zone->engage };
    begin_zone_row(out, zone, colour);
    dw_buf_printf(out, "<td>%zu</td>", zone->visits);
    for (size_t i = 0; i < DW_LENGTH(quantiles); i++)
        put_with_interval(out, dw_format_quantile(value, zone, quantiles[i]),
                          dw_format_quantile_interval(interval, quantiles[i]));
    dw_html_element(out, "td", zone->visits > 0 ? dw_format_seconds(value, zone->mean_s) : "-");
    for (size_t i = 0; i < DW_LENGTH(shares); i++)
        put_with_interval(out, dw_format_share(value, shares[i]),
                          dw_format_share_interval(interval, shares[i]));
    dw_html_element(out, "td",
                    zone->visits > 0
                        ? dw_format_percent(value, (double)zone->cut_visits / (double)zone->visits)
                        : "-");
    dw_html_element(out, "td",
                    zone->visits > 0 ? dw_format_percent(value, zone->bridged_share) : "-");
    dw_buf_puts(out, "</tr>\n");
}

static void write_tables(const struct dw_report *report, const struct dw_report_camera *camera,
                         struct dw_buf *out)
{
    static const char *const counts[] = { "zone",    "visits", "people", "passes",   "entries",
                                          "average", "peak",   "staff",  "measured", "coverage" };
    static const char *const dwell[] = { "zone", "n",    "median", "p75", "p90",
                                         "mean", "stop", "engage", "cut", "bridged" };
    size_t number = 0;
    dw_buf_puts(out, "<h3>All figures</h3>\n");
    begin_table(out, "How many", counts, DW_LENGTH(counts));
    for (size_t i = 0; i < report->zones.count; i++)
        if (report->zones.items[i].camera_id == camera->id)
            write_counts_row(out, &report->zones.items[i], dw_plot_colour(number++));
    end_table(out);
    number = 0;
    begin_table(out, "How long", dwell, DW_LENGTH(dwell));
    for (size_t i = 0; i < report->zones.count; i++)
        if (report->zones.items[i].camera_id == camera->id)
            write_dwell_row(out, &report->zones.items[i], dw_plot_colour(number++));
    end_table(out);
}

static void write_lines(const struct dw_report *report, const struct dw_report_camera *camera,
                        struct dw_buf *out)
{
    static const char *const headings[] = { "line", "to the right", "to the left", "both" };
    bool any = false;
    for (size_t i = 0; i < report->lines.count; i++) {
        const struct dw_report_line *line = &report->lines.items[i];
        if (line->camera_id != camera->id)
            continue;
        if (!any)
            begin_table(out, "Lines crossed", headings, DW_LENGTH(headings));
        any = true;
        dw_buf_puts(out, "<tr><th scope=\"row\">");
        dw_html_text(out, line->line.name);
        long long right = line->to_right, left = line->to_left;
        dw_buf_printf(out, "</th><td>%lld</td><td>%lld</td><td>%lld</td></tr>\n", right, left,
                      right + left);
    }
    if (any)
        end_table(out);
}

static void write_camera(const struct dw_report *report, const struct dw_report_camera *camera,
                         struct dw_buf *out)
{
    struct totals totals = add_up(report, camera);
    dw_buf_puts(out, "<section>\n");
    if (report->cameras.count > 1) {
        dw_buf_puts(out, "<h2>");
        dw_html_text(out, camera->site);
        dw_buf_puts(out, *camera->site != '\0' ? ", camera " : "Camera ");
        dw_html_text(out, camera->name);
        dw_buf_puts(out, "</h2>\n");
    }
    dw_buf_puts(out, "<div class=\"overview\">\n<figure>\n");
    dw_plot_map(report, camera, out);
    dw_buf_puts(
        out,
        "<figcaption>Zones on the camera's picture and, thin, where people walked. The "
        "picture itself is not kept. A heavy edge faces the display.</figcaption>\n</figure>\n");
    write_numbers(report, camera, out);
    dw_buf_puts(out, "</div>\n");
    if (totals.zones > 0) {
        write_cards(report, camera, out);
        dw_buf_puts(out, "<h3>When people were there</h3>\n<figure>\n<div class=\"scroll\">");
        dw_plot_timeline(report, camera, out);
        dw_buf_puts(out, "</div>\n<figcaption>Each bar is a visit, darker from stop and engage on, "
                         "dashed where its start or end was not seen; ticks are passes. Below: "
                         "people present at once. Hatched: not measured. Times are "
                         "UTC.</figcaption>\n</figure>\n");
        write_tables(report, camera, out);
    }
    write_lines(report, camera, out);
    dw_buf_puts(out, "</section>\n");
}

static void write_notes(const struct dw_report *report, struct dw_buf *out)
{
    if (report->notes.count == 0)
        return;
    dw_buf_puts(out, "<section>\n<h2>What to keep in mind</h2>\n<ul>\n");
    for (size_t i = 0; i < report->notes.count; i++) {
        dw_html_element(out, "li", report->notes.items[i]);
        dw_buf_puts(out, "\n");
    }
    dw_buf_puts(out, "</ul>\n</section>\n");
}

static void write_terms(struct dw_buf *out)
{
    /* The formulas are HTML; docs/figures.md says the same at more length. */
    static const char *const terms[][2] = {
        { "visit, pass",
          "A stay in a zone; a pass is shorter than the zone's <code>min_dwell</code>." },
        { "people", "Different people among the visits. Anonymous numbers, never identities." },
        { "entries", "Visits and passes whose start was seen." },
        { "average, peak",
          "People present at once: sum of dwell / measured time; and the most at any moment." },
        { "coverage", "Measured time / scheduled time. A gap is not measured, never zero." },
        { "median, p75, p90",
          "No longer than this lasted 50, 75, 90 of 100 visits. Without cut visits: definition 7 "
          "of Hyndman and Fan. With cut visits: the first time at which the survival curve "
          "S(t) = &prod; (1 &minus; d/n) of Kaplan and Meier falls to 1 &minus; p. Intervals: "
          "Brookmeyer and Crowley, log-log, 95&nbsp;%. Shown from 2, 4 and 10 visits on." },
        { "&gt; 20 s",
          "So many visits were cut off that the figure was not reached; the longest seen was "
          "20&nbsp;s." },
        { "stop, engage",
          "Visits of the level or longer / visits, with Wilson's interval. Where visits were cut "
          "off before the level: S(level) with its log-log interval." },
        { "cut", "Visits whose start or end was not seen / visits. Their dwell is a lower bound." },
        { "bridged",
          "Time a person inside was hidden and is taken to have stayed / dwell, summed over "
          "visits." },
        { "mean",
          "Sum of dwell / visits, as far as seen; short of the truth when visits were cut." },
    };
    dw_buf_puts(out, "<section>\n<h2>How the figures are made</h2>\n<dl class=\"terms\">\n");
    for (size_t i = 0; i < DW_LENGTH(terms); i++)
        dw_buf_printf(out, "<div><dt>%s</dt><dd>%s</dd></div>\n", terms[i][0], terms[i][1]);
    dw_buf_puts(out, "</dl>\n</section>\n");
}

static void write_runs(const struct dw_report *report, struct dw_buf *out)
{
    static const char *const headings[] = { "source",   "time",  "length",
                                            "finished", "model", "program" };
    char text[DW_FORMAT_SIZE];
    if (report->runs.count == 0)
        return;
    dw_buf_puts(out, "<section>\n<h2>What was measured</h2>\n");
    begin_table(out, "Runs", headings, DW_LENGTH(headings));
    for (size_t i = 0; i < report->runs.count; i++) {
        const struct dw_report_run *run = &report->runs.items[i];
        struct dw_span span = { run->start_us, run->end_us };
        dw_buf_puts(out, "<tr><td class=\"text\">");
        dw_html_text(out, run->source);
        dw_buf_puts(out, "</td>");
        dw_html_element(out, "td", dw_format_span(text, span));
        dw_html_element(out, "td",
                        dw_format_seconds(text, dw_time_to_seconds(span.end_us - span.start_us)));
        dw_html_element(out, "td", run->complete ? "yes" : "no");
        dw_html_element(out, "td", run->model);
        dw_html_element(out, "td", run->program);
        dw_buf_puts(out, "</tr>\n");
    }
    end_table(out);
    dw_buf_puts(out, "</section>\n");
}

void dw_report_html(const struct dw_report *report, struct dw_buf *out)
{
    struct dw_buf title = { 0 };
    if (report->simulated)
        dw_buf_puts(&title, "SIMULATED: ");
    if (report->cameras.count == 1) {
        const struct dw_report_camera *camera = &report->cameras.items[0];
        dw_buf_printf(&title, "%s%s%s", camera->site, *camera->site != '\0' ? ", " : "",
                      camera->name);
    } else {
        dw_buf_puts(&title, report->name);
    }
    dw_html_page_begin(out, dw_buf_text(&title));
    write_header(report, dw_buf_text(&title), out);
    for (size_t i = 0; i < report->cameras.count; i++)
        write_camera(report, &report->cameras.items[i], out);
    write_notes(report, out);
    write_terms(out);
    write_runs(report, out);
    dw_buf_puts(out, "<footer>Made by dwell " DWELL_VERSION " from ");
    dw_html_text(out, report->name);
    dw_buf_puts(out, ". No pictures and no identities are stored.</footer>\n</main>\n</body>\n"
                     "</html>\n");
    dw_buf_fini(&title);
}
