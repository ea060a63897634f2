/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands of the program, one file each. argv[0] is the command's name. They return the exit
 * code: 0 done, 1 failed with one sentence on standard error, 2 wrong usage.
 */
#ifndef DW_CMD_COMMANDS_H
#define DW_CMD_COMMANDS_H

int dw_cmd_analyze(int argc, char **argv);
int dw_cmd_bench(int argc, char **argv);
int dw_cmd_calibrate(int argc, char **argv);
int dw_cmd_decoder(int argc, char **argv);
int dw_cmd_discover(int argc, char **argv);
int dw_cmd_doctor(int argc, char **argv);
int dw_cmd_export(int argc, char **argv);
int dw_cmd_import(int argc, char **argv);
int dw_cmd_remeasure(int argc, char **argv);
int dw_cmd_report(int argc, char **argv);
int dw_cmd_score(int argc, char **argv);
int dw_cmd_serve(int argc, char **argv);
int dw_cmd_simulate(int argc, char **argv);
int dw_cmd_staff(int argc, char **argv);
int dw_cmd_store(int argc, char **argv);
int dw_cmd_support_bundle(int argc, char **argv);
int dw_cmd_tune(int argc, char **argv);
int dw_cmd_zones(int argc, char **argv);

#endif
