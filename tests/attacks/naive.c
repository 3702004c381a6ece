/*
 * A runtime that makes every classic mistake, so that each attack can be seen to work once. It has the grammar of a stage,
 * needs root, and is for the harness's throw-away host only.
 *
 *     naive run [-v SOURCE:TARGET] [-w DIR] [--user USER] [--sysctl NAME=VALUE] [--careful] --rootfs DIR -- COMMAND...
 *
 * It joins paths as strings and follows every link of the image's; opens a volume's source after it has entered the root;
 * asks the image's libraries who a user is; takes any text for a number; hands on its directory, its descriptors and its
 * umask; and listens on an abstract socket. With --careful it makes a later mistake: it looks where the links of a volume's
 * target lead before it uses the path, and somebody may swap them in between.
 */
#include <getopt.h>
#include <limits.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int careful = 0;
static const char *volume = NULL, *directory = NULL, *user = NULL, *setting = NULL, *rootfs = NULL;

/* As mkdir -p. */
static void make_directories(char* path) {
  for (char* slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    mkdir(path, 0755);
    *slash = '/';
  }
  mkdir(path, 0755);
}

/* The root and a path in it, as one string. */
static const char* joined(const char* path) {
  static char text[4096];
  snprintf(text, sizeof text, "%s%s", rootfs, path);
  return text;
}

/* Whether the directory that a path is in is one of the root's: true at the moment of asking. */
static int leads_out(const char* path) {
  char parent[8300], real[PATH_MAX];
  snprintf(parent, sizeof parent, "%s", path);
  *strrchr(parent, '/') = '\0';
  return realpath(parent, real) != NULL && strncmp(real, rootfs, strlen(rootfs)) != 0;
}

static void mount_volume(void) {
  char source[4096], target[4096];
  if (sscanf(volume, "%4095[^:]:%4095[^:]", source, target) != 2) exit(125);
  char place[8300];
  snprintf(place, sizeof place, "%s", joined(target));
  if (careful && leads_out(place)) exit(125);
  make_directories(place);
  if (mount(source, place, NULL, MS_BIND, NULL) == 0) return;
  if (mount(joined(source), place, NULL, MS_BIND, NULL) == -1) exit(125);  /* "it must be meant as seen from inside" */
}

static void listen_to_everybody(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "naive-%d", (int)getpid());
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(fd, (struct sockaddr*)&address, sizeof address) == -1 || listen(fd, 1) == -1) exit(125);
}

/* NAME=VALUE; a dot in the name is a slash in the path, and so is a slash. */
static void set_sysctl(const char* text) {
  char path[4096];
  snprintf(path, sizeof path, "/proc/sys/%s", text);
  char* value = strchr(path, '=');
  if (value == NULL) exit(125);
  *value++ = '\0';
  for (char* at = path + strlen("/proc/sys/"); *at != '\0'; ++at)
    if (*at == '.' && at[1] != '.' && at[-1] != '.' && at[-1] != '/') *at = '/';
  FILE* file = fopen(path, "we");
  if (file == NULL || fputs(value, file) == EOF || fclose(file) == EOF) exit(125);
}

/* Whom the libraries of the image know; else a number, whatever follows it, and whether it fits or not. */
static void become(const char* name) {
  const struct passwd* entry = getpwnam(name);
  const uid_t number = entry != NULL ? entry->pw_uid : (uid_t)strtoull(name, NULL, 10);
  if (setgid(number) == -1 || setuid(number) == -1) return;  /* "it will do no harm" */
}

static int run(char** command) {
  listen_to_everybody();
  /* So that what changes on the host is not just a mount of ours: that mistake is stage 3's. */
  if (unshare(CLONE_NEWNS) == -1 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1) return 125;
  mount("proc", joined("/proc"), "proc", 0, NULL);
  mount("sysfs", joined("/sys"), "sysfs", MS_RDONLY, NULL);
  mknod(joined("/dev/null"), S_IFCHR | 0666, makedev(1, 3));
  if (volume != NULL) mount_volume();
  if (setting != NULL) set_sysctl(setting);
  if (chroot(rootfs) == -1) return 125;
  if (directory != NULL && chdir(directory) == -1) return 125;
  if (user != NULL) become(user);
  execv(command[0], command);
  return 127;
}

int main(int argc, char** argv) {
  static const struct option kLong[] = {{"rootfs", required_argument, NULL, 'r'},
                                        {"user", required_argument, NULL, 'u'},
                                        {"sysctl", required_argument, NULL, 's'},
                                        {"careful", no_argument, NULL, 'c'},
                                        {NULL, 0, NULL, 0}};
  optind = 2;  /* after "run" */
  for (int option; (option = getopt_long(argc, argv, "+v:w:", kLong, NULL)) != -1;) {
    if (option == 'v') volume = optarg;
    if (option == 'w') directory = optarg;
    if (option == 'r') rootfs = optarg;
    if (option == 'u') user = optarg;
    if (option == 's') setting = optarg;
    if (option == 'c') careful = 1;
  }
  if (rootfs == NULL || optind >= argc) return 125;
  const pid_t child = fork();
  if (child == 0) _exit(run(argv + optind));
  int status = 0;
  if (child == -1 || waitpid(child, &status, 0) == -1) return 125;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
