/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell report staffing`: when people come, how many of staff that suggests, in which shifts, and
 * which displays were unusual on which days. */
#include "insight/kind_staffing.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "base/wall_time.h"
#include "insight/kind_number.h"
#include "insight/kind_plot.h"
#include "insight/kinds.h"
#include "insight/local_day.h"

#define WEEK_HOURS (DW_WEEKDAYS * DW_SHIFT_HOURS)

enum option { PER_EMPLOYEE, MIN_SHIFT, MAX_SHIFT };

static const struct dw_report_option options[] = {
    { "per-employee", "N", "shoppers present that one of staff can look after (8)" },
    { "min-shift", "H", "shortest shift in hours (4)" },
    { "max-shift", "H", "longest shift in hours (8)" },
};

static const char *const weekdays[] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday" };
static const char *const states[] = { "not measured", "closed", "open" };

static const struct dw_sheet_column busiest_columns[] = {
    { .key = "weekday", .heading = "weekday" },
    { .key = "hour", .heading = "hour" },
    { .key = "entries", .heading = "entries", .unit = DW_SHEET_NUMBER },
    { .key = "entries_p10", .heading = "p10", .unit = DW_SHEET_NUMBER },
    { .key = "entries_p90", .heading = "p90", .unit = DW_SHEET_NUMBER },
    { .key = "occupancy", .heading = "present", .unit = DW_SHEET_NUMBER },
    { .key = "occupancy_p10", .heading = "p10", .unit = DW_SHEET_NUMBER },
    { .key = "occupancy_p90", .heading = "p90", .unit = DW_SHEET_NUMBER },
    { .key = "weeks", .heading = "weeks", .unit = DW_SHEET_COUNT },
    { .key = "people", .heading = "people", .unit = DW_SHEET_COUNT },
    { .key = "state", .heading = "state" },
};

#define WEEK_COLUMNS(UNIT)                                                                         \
    {                                                                                              \
        { .key = "hour", .heading = "hour" },                                                      \
            { .key = "monday", .heading = "Mon", .unit = (UNIT) },                                 \
            { .key = "tuesday", .heading = "Tue", .unit = (UNIT) },                                \
            { .key = "wednesday", .heading = "Wed", .unit = (UNIT) },                              \
            { .key = "thursday", .heading = "Thu", .unit = (UNIT) },                               \
            { .key = "friday", .heading = "Fri", .unit = (UNIT) },                                 \
            { .key = "saturday", .heading = "Sat", .unit = (UNIT) },                               \
            { .key = "sunday", .heading = "Sun", .unit = (UNIT) },                                 \
    }

static const struct dw_sheet_column week_columns[] = WEEK_COLUMNS(DW_SHEET_NUMBER);
static const struct dw_sheet_column people_columns[] = WEEK_COLUMNS(DW_SHEET_COUNT);

static const struct dw_sheet_column shift_columns[] = {
    { .key = "weekday", .heading = "weekday" },
    { .key = "from", .heading = "from" },
    { .key = "to", .heading = "to" },
    { .key = "hours", .heading = "hours", .unit = DW_SHEET_COUNT },
    { .key = "people", .heading = "people", .unit = DW_SHEET_COUNT },
};

static const struct dw_sheet_column plan_columns[] = {
    { .key = "weekday", .heading = "weekday" },
    { .key = "suggested_hours", .heading = "suggested person-hours", .unit = DW_SHEET_COUNT },
    { .key = "shift_hours", .heading = "in shifts", .unit = DW_SHEET_COUNT },
};

static const struct dw_sheet_column exception_columns[] = {
    { .key = "zone", .heading = "zone" },
    { .key = "date", .heading = "date" },
    { .key = "weekday", .heading = "weekday" },
    { .key = "direction", .heading = "than usual" },
    { .key = "engaged", .heading = "engaged", .unit = DW_SHEET_COUNT },
    { .key = "expected", .heading = "expected", .unit = DW_SHEET_NUMBER },
    { .key = "z", .heading = "z", .unit = DW_SHEET_NUMBER },
};

static const struct dw_sheet_column checked_columns[] = {
    { .key = "zone", .heading = "zone" },
    { .key = "days", .heading = "days compared", .unit = DW_SHEET_COUNT },
    { .key = "exceptions", .heading = "exceptions", .unit = DW_SHEET_COUNT },
    { .key = "by_chance", .heading = "by chance", .unit = DW_SHEET_NUMBER },
};

struct filling {
    struct dw_sheet *sheet;
    struct dw_staffing_conf conf;
    struct dw_staffing_data data;
    struct dw_staffing found;
};

static void put_hour(struct dw_sheet_table *table, int hour)
{
    char text[16];
    snprintf(text, sizeof(text), "%02d:00", hour);
    dw_sheet_text(table, text);
}

static void put_spread(struct dw_sheet_table *table, const struct dw_week_hour *hour,
                       const struct dw_spread *spread)
{
    bool known = hour->state != DW_HOUR_UNMEASURED;
    dw_sheet_number(table, known ? spread->median : (double)NAN);
    dw_sheet_number(table, known ? spread->p10 : (double)NAN);
    dw_sheet_number(table, known ? spread->p90 : (double)NAN);
}

static void put_week_hour(struct dw_sheet_table *table, const struct dw_staffing *found, int cell)
{
    const struct dw_week_hour *hour = &found->hours[cell / DW_SHIFT_HOURS][cell % DW_SHIFT_HOURS];
    dw_sheet_text(table, weekdays[cell / DW_SHIFT_HOURS]);
    put_hour(table, cell % DW_SHIFT_HOURS);
    put_spread(table, hour, &hour->entries);
    put_spread(table, hour, &hour->occupancy);
    dw_sheet_number(table, hour->weeks);
    dw_sheet_number(table, hour->people);
    dw_sheet_text(table, states[hour->state]);
}

static void add_hours(struct filling *filling)
{
    const struct dw_staffing *found = &filling->found;
    struct dw_sheet_table *table = dw_sheet_add_table(filling->sheet, "busiest", "Busiest hours",
                                                      busiest_columns, DW_LENGTH(busiest_columns));
    for (int i = 0; i < found->busiest_count; i++)
        put_week_hour(table, found, found->busiest[i]);
    table = dw_sheet_add_table(filling->sheet, "hours", "Hours of the week", busiest_columns,
                               DW_LENGTH(busiest_columns));
    table->data = true;
    for (int cell = 0; filling->data.zones.count > 0 && cell < WEEK_HOURS; cell++)
        put_week_hour(table, found, cell);
}

/* Rows of hours, from the first to the last that is open on any day. */
static void add_week(struct filling *filling, struct dw_sheet_table *table, bool people)
{
    int first = DW_SHIFT_HOURS, end = 0;
    for (int cell = 0; cell < WEEK_HOURS; cell++) {
        int hour = cell % DW_SHIFT_HOURS;
        if (filling->found.hours[cell / DW_SHIFT_HOURS][hour].state != DW_HOUR_OPEN)
            continue;
        first = DW_MIN(first, hour);
        end = DW_MAX(end, hour + 1);
    }
    for (int hour = first; hour < end; hour++) {
        put_hour(table, hour);
        for (int weekday = 0; weekday < DW_WEEKDAYS; weekday++) {
            const struct dw_week_hour *week = &filling->found.hours[weekday][hour];
            double value = people ? week->people : week->entries.median;
            dw_sheet_number(table, week->state == DW_HOUR_OPEN ? value : (double)NAN);
        }
    }
}

static void add_weeks(struct filling *filling)
{
    add_week(filling,
             dw_sheet_add_table(filling->sheet, "week_entries",
                                "Entries an hour, median over weeks (-: closed or not measured)",
                                week_columns, DW_LENGTH(week_columns)),
             false);
    add_week(filling,
             dw_sheet_add_table(filling->sheet, "week_people", "People suggested on the floor",
                                people_columns, DW_LENGTH(people_columns)),
             true);
}

static void add_shifts(struct filling *filling)
{
    struct dw_sheet_table *table =
        dw_sheet_add_table(filling->sheet, "shifts", "Shifts that cover the suggestion",
                           shift_columns, DW_LENGTH(shift_columns));
    for (int cell = 0; cell < DW_WEEKDAYS; cell++) {
        const struct dw_staffing_plan *plan = &filling->found.plans[cell];
        for (size_t i = 0; i < plan->shift_count; i++) {
            const struct dw_shift *shift = &plan->shifts[i];
            dw_sheet_text(table, weekdays[cell]);
            put_hour(table, shift->from_hour);
            put_hour(table, shift->to_hour);
            dw_sheet_number(table, shift->to_hour - shift->from_hour);
            dw_sheet_number(table, shift->people);
        }
    }
    table = dw_sheet_add_table(filling->sheet, "shift_hours", "Hours of the shifts", plan_columns,
                               DW_LENGTH(plan_columns));
    for (int cell = 0; cell < DW_WEEKDAYS; cell++) {
        const struct dw_staffing_plan *plan = &filling->found.plans[cell];
        if (plan->shift_count == 0)
            continue;
        dw_sheet_text(table, weekdays[cell]);
        dw_sheet_number(table, plan->needed_hours);
        dw_sheet_number(table, plan->paid_hours);
    }
}

static void add_exception(struct dw_sheet_table *table, const char *label, int64_t date,
                          const struct dw_exception_day *day)
{
    char text[DW_DATE_SIZE];
    dw_sheet_text(table, label);
    dw_sheet_text(table, dw_local_date(text, date));
    dw_sheet_text(table, weekdays[day->weekday]);
    dw_sheet_text(table, day->z < 0 ? "fewer" : "more");
    dw_sheet_number(table, day->engages);
    dw_sheet_number(table, day->expected);
    dw_sheet_number(table, day->z);
}

static void add_exceptions(struct filling *filling)
{
    const struct dw_staffing_data *data = &filling->data;
    struct dw_sheet_table *table =
        dw_sheet_add_table(filling->sheet, "exceptions", "Displays to look at, perhaps to restock",
                           exception_columns, DW_LENGTH(exception_columns));
    for (size_t i = 0; i < data->zones.count; i++)
        for (size_t day = 0; day < data->day_count; day++)
            if (dw_exception(&data->zones.items[i].days[day]))
                add_exception(table, data->zones.items[i].label, data->first_day + (int64_t)day,
                              &data->zones.items[i].days[day]);
    table = dw_sheet_add_table(filling->sheet, "exceptions_checked", "Where exceptions were sought",
                               checked_columns, DW_LENGTH(checked_columns));
    for (size_t i = 0; i < data->zones.count; i++) {
        size_t known = 0;
        for (size_t day = 0; day < data->day_count; day++)
            known += data->zones.items[i].days[day].known;
        dw_sheet_text(table, data->zones.items[i].label);
        dw_sheet_number(table, (double)known);
        dw_sheet_number(table, (double)data->zones.items[i].exceptions);
        dw_sheet_number(table, DW_EXCEPTION_CHANCE * (double)known);
    }
}

static void add_plot(struct filling *filling)
{
    static const char *const hours[DW_SHIFT_HOURS] = { "0",  "1",  "2",  "3",  "4",  "5",
                                                       "6",  "7",  "8",  "9",  "10", "11",
                                                       "12", "13", "14", "15", "16", "17",
                                                       "18", "19", "20", "21", "22", "23" };
    double values[WEEK_HOURS];
    struct dw_buf svg = { 0 };
    for (int cell = 0; cell < WEEK_HOURS; cell++) {
        const struct dw_week_hour *hour =
            &filling->found.hours[cell / DW_SHIFT_HOURS][cell % DW_SHIFT_HOURS];
        values[cell] = hour->state == DW_HOUR_OPEN ? hour->entries.median : (double)NAN;
    }
    dw_plot_grid(&(struct dw_plot_grid){ .id = "week",
                                         .title = "Entries by hour of the week",
                                         .columns = DW_SHIFT_HOURS,
                                         .rows = DW_WEEKDAYS,
                                         .column_labels = hours,
                                         .row_labels = weekdays,
                                         .values = values,
                                         .cell_height = 26 },
                 &svg);
    dw_sheet_plot(filling->sheet, dw_buf_text(&svg),
                  "Entries an hour, median over weeks, by weekday and hour of the shop's clock; "
                  "empty: closed or not measured");
    dw_buf_fini(&svg);
}

static void explain(struct filling *filling)
{
    struct dw_sheet *sheet = filling->sheet;
    const struct dw_staffing_conf *conf = &filling->conf;
    if (filling->data.zones.count > 1)
        dw_sheet_note(sheet,
                      "Entries and people present are summed over %zu zones: who visits two "
                      "counts in both. For a shop's footfall choose the zone of its entrance",
                      filling->data.zones.count);
    dw_sheet_note(sheet,
                  "People outside every zone are not seen here: how many one of staff can look "
                  "after means those in the zones");
    dw_sheet_note(sheet, "An exception says that a display was unusual, not why: empty, moved, "
                         "hidden, or a promotion beside it");
    dw_sheet_formula(sheet, "entries, present = of an hour measured for 30 minutes or longer; sum "
                            "over zones of entries / measured hours, person-time / measured time");
    dw_sheet_formula(sheet, "median, p10, p90 = over weeks");
    dw_sheet_formula(sheet, "closed = nobody entered in most of the weeks measured");
    dw_sheet_formula(sheet, "people = p90 of present / %g, rounded up; 1 or more when open",
                     conf->per_employee);
    dw_sheet_formula(
        sheet,
        "shifts = the fewest person-hours, then the fewest shifts, of %d to %d h, that "
        "cover people",
        conf->min_shift_hours, conf->max_shift_hours);
    dw_sheet_formula(sheet, "expected = median of the other days of that weekday (3 or more), for "
                            "the time measured");
    dw_sheet_formula(
        sheet,
        "exception = |z| >= %g; z = difference of square roots over its usual "
        "spread; by chance = %g %% of days compared, as in simulated shops without change",
        DW_EXCEPTION_Z, 100 * DW_EXCEPTION_CHANCE);
}

static int read_options(struct dw_staffing_conf *conf, const struct dw_report_request *request,
                        struct dw_err *err)
{
    static const struct dw_kind_number numbers[] = { { "--per-employee", .1, 10000 },
                                                     { "--min-shift", 1, DW_SHIFT_HOURS },
                                                     { "--max-shift", 1, DW_SHIFT_HOURS } };
    double values[] = { 8, 4, 8 };
    for (size_t i = 0; i < DW_LENGTH(numbers); i++) {
        int result = dw_kind_number(&values[i], &numbers[i], request->values[i], err);
        if (result < 0)
            return result;
    }
    *conf = (struct dw_staffing_conf){ values[PER_EMPLOYEE], (int)values[MIN_SHIFT],
                                       (int)values[MAX_SHIFT] };
    if (values[MIN_SHIFT] != floor(values[MIN_SHIFT]) ||
        values[MAX_SHIFT] != floor(values[MAX_SHIFT]))
        return dw_fail(err, -EINVAL, "--min-shift and --max-shift want whole hours");
    if (conf->max_shift_hours < conf->min_shift_hours)
        return dw_fail(err, -EINVAL, "--min-shift %d is longer than --max-shift %d",
                       conf->min_shift_hours, conf->max_shift_hours);
    return 0;
}

static int fill_staffing(struct dw_sheet *sheet, struct dw_store *store,
                         const struct dw_report_request *request, struct dw_err *err)
{
    struct filling *filling = dw_alloc0(sizeof(*filling));
    filling->sheet = sheet;
    sheet->title = dw_strdup("Staffing by hour of the week");
    int result = read_options(&filling->conf, request, err);
    if (result == 0)
        result = dw_staffing_data_read(&filling->data, store, request, err);
    sheet->simulated = filling->data.places.simulated;
    if (result == 0 && filling->data.zones.count > 0) {
        dw_staffing(&filling->found, &filling->conf, filling->data.days, filling->data.day_count);
        add_plot(filling);
        add_hours(filling);
        add_weeks(filling);
        add_shifts(filling);
        add_exceptions(filling);
        explain(filling);
    }
    dw_staffing_data_fini(&filling->data);
    free(filling);
    return result;
}

const struct dw_report_kind dw_report_staffing = {
    .name = "staffing",
    .about = "When people come, by hour of the week; how many of staff that suggests and in which\n"
             "shifts; and which displays were unusual on which days: look at them, restock them.",
    .options = options,
    .option_count = DW_LENGTH(options),
    .fill = fill_staffing,
};
