/* A stand-in for librtlsdr: the same C interface, no dongle. It delivers a tone in real time and has the faults that
 * STANDIN asks for, e.g. STANDIN="serials=A1,B2;drop=20:3;stall=40". Numbers of buffers count from the stream's start.
 *
 *   serials=…        one dongle for each        maker=… product=…  what their strings say
 *   strings=-3       reading the strings fails  open=-6            opening fails
 *   tune=-1          tuning fails               gains=…            tenths of dB
 *   tone=100100000   carrier in Hz              clip=1             at the rails
 *   drop=20:3        before buffer 20 three are lost
 *   late=20:500      before buffer 20 it sleeps 500 ms, then catches up
 *   stall=40         after buffer 40 nothing more comes, in this stream only
 *   stall_always=40  the same in every stream
 *   unplug=40        after buffer 40 it returns -5
 *   queue=5          so many buffers are still at the old frequency after tuning
 *   hang=1           a cancelled stream does not return
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
    double rate, centre, old_centre;
    int ppm, cancel, open, old_buffers, streams;
    uint64_t sample;
} device;
typedef void (*callback)(unsigned char *, uint32_t, void *);

static device the_device;
static char calls[16384];

static const char *option(const char *name) {
    static char value[256];
    const char *at = getenv("STANDIN");
    size_t length = strlen(name);
    while (at && *at) {
        if (!strncmp(at, name, length) && at[length] == '=') {
            size_t n = strcspn(at + length + 1, ";");
            memcpy(value, at + length + 1, n < 255 ? n : 255);
            value[n < 255 ? n : 255] = 0;
            return value;
        }
        at = strchr(at, ';');
        if (at) at++;
    }
    return NULL;
}

static int number(const char *name, int otherwise) {
    const char *value = option(name);
    return value ? atoi(value) : otherwise;
}

static void note(const char *name, double value) {
    size_t used = strlen(calls);
    snprintf(calls + used, sizeof calls - used, "%s(%.0f) ", name, value);
}

const char *standin_calls(void) { return calls; }
void standin_forget(void) { calls[0] = 0; memset(&the_device, 0, sizeof the_device); }

static int serial_at(uint32_t index, char *out) {
    const char *serials = option("serials");
    char copy[256], *rest = copy, *one;
    if (!serials || !*serials) return 0;
    strcpy(copy, serials);
    for (uint32_t n = 0; (one = strsep(&rest, ",")); n++) {
        if (n == index && out) strcpy(out, one);
        if (n == index) return 1;
    }
    return 0;
}

uint32_t rtlsdr_get_device_count(void) {
    uint32_t n = 0;
    while (serial_at(n, NULL)) n++;
    return n;
}

int rtlsdr_get_device_usb_strings(uint32_t index, char *maker, char *product, char *serial) {
    int code = number("strings", 0);
    if (code) return code;
    strcpy(maker, option("maker") ? option("maker") : "Realtek");
    strcpy(product, option("product") ? option("product") : "RTL2838UHIDIR");
    return serial_at(index, serial) ? 0 : -2;
}

int rtlsdr_open(device **out, uint32_t index) {
    int code = number("open", 0);
    note("open", index);
    if (code) return code;
    memset(&the_device, 0, sizeof the_device);
    the_device.open = 1;
    *out = &the_device;
    return 0;
}

int rtlsdr_close(device *dev) { note("close", dev->open); dev->open = 0; return 0; }

int rtlsdr_set_center_freq(device *dev, uint32_t hz) {
    int code = number("tune", 0);
    note("tune", hz);
    if (code) return code;
    dev->old_centre = dev->centre;
    dev->centre = hz;
    dev->old_buffers = number("queue", 0);
    return 0;
}

int rtlsdr_get_freq_correction(device *dev) { return dev->ppm; }
int rtlsdr_set_freq_correction(device *dev, int ppm) {
    note("ppm", ppm);
    if (ppm == dev->ppm) return -2;
    dev->ppm = ppm;
    return 0;
}

int rtlsdr_get_tuner_gains(device *dev, int *gains) {
    static const int all[] = {0, 9, 14, 27, 37, 77, 87, 125, 144, 157, 166, 197, 207, 229, 254, 280, 297, 328, 338};
    (void)dev;
    if (gains) memcpy(gains, all, sizeof all);
    return sizeof all / sizeof all[0];
}

int rtlsdr_set_tuner_gain_mode(device *dev, int manual) { (void)dev; note("manual", manual); return 0; }
int rtlsdr_set_tuner_gain(device *dev, int gain) { (void)dev; note("gain", gain); return 0; }
int rtlsdr_set_agc_mode(device *dev, int on) { (void)dev; note("agc", on); return 0; }
int rtlsdr_set_sample_rate(device *dev, uint32_t rate) { note("rate", rate); dev->rate = rate; return 0; }
uint32_t rtlsdr_get_sample_rate(device *dev) { return (uint32_t)dev->rate; }
int rtlsdr_reset_buffer(device *dev) { dev->cancel = 0; return 0; }
int rtlsdr_cancel_async(device *dev) { __atomic_store_n(&dev->cancel, 1, __ATOMIC_SEQ_CST); return 0; }
#ifndef OLD
int rtlsdr_set_tuner_if_mode(device *dev, int mode) { (void)dev; note("if", mode); return 0; }
int rtlsdr_set_bias_tee(device *dev, int on) { (void)dev; note("bias", on); return 0; }
int rtlsdr_set_dithering(device *dev, int on) { (void)dev; (void)on; return 0; }
#endif

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static void sleep_until(double when) {
    double left = when - now();
    struct timespec t = {(time_t)left, (long)((left - (time_t)left) * 1e9)};
    if (left > 0) nanosleep(&t, NULL);
}

static void pair(const char *name, int *first, int *second) {
    const char *value = option(name);
    *first = -1;
    if (value) sscanf(value, "%d:%d", first, second);
}

static void fill(device *dev, unsigned char *buffer, uint32_t length) {
    double lo = dev->old_buffers > 0 ? dev->old_centre : dev->centre;
    double offset = number("tone", 100100000) - lo, level = number("clip", 0) ? 4.0 : 0.5;
    double turn = fmod(offset / dev->rate, 1.0);
    if (dev->old_buffers > 0) dev->old_buffers--;
    for (uint32_t n = 0; n < length / 2; n++) {
        double angle = 2 * M_PI * fmod(turn * (double)((dev->sample + n) % (uint64_t)dev->rate), 1.0);
        double i = 127.5 + 127.5 * level * cos(angle), q = 127.5 + 127.5 * level * sin(angle);
        buffer[2 * n] = i < 0 ? 0 : i > 255 ? 255 : (unsigned char)(i + 0.5);
        buffer[2 * n + 1] = q < 0 ? 0 : q > 255 ? 255 : (unsigned char)(q + 0.5);
    }
    dev->sample += length / 2;
}

int rtlsdr_read_async(device *dev, callback deliver, void *context, uint32_t count, uint32_t length) {
    unsigned char *buffer = malloc(length);
    int drop_at, drops = 0, late_at, late_ms = 0, stall = number("stall", -1), unplug = number("unplug", -1);
    double begin = now(), taken = 0;
    (void)count;
    pair("drop", &drop_at, &drops);
    pair("late", &late_at, &late_ms);
    if (dev->streams++ || stall < 0) stall = number("stall_always", -1);
    for (int n = 0; !__atomic_load_n(&dev->cancel, __ATOMIC_SEQ_CST); n++) {
        if (n == unplug) { free(buffer); return -5; }
        while (n == stall && !__atomic_load_n(&dev->cancel, __ATOMIC_SEQ_CST)) sleep_until(now() + 0.01);
        if (n == drop_at) {
            dev->sample += (uint64_t)drops * length / 2;
            taken += drops * (length / 2) / dev->rate;
        }
        fill(dev, buffer, length);
        taken += (length / 2) / dev->rate;
        sleep_until(begin + taken + (n == late_at ? late_ms * 1e-3 : 0));
        if (n == stall) break;
        deliver(buffer, length, context);
    }
    while (number("hang", 0)) sleep_until(now() + 0.05);
    free(buffer);
    return 0;
}
