/* The least that a program can do and still be one: the yardstick of `andon --version`. */
#include <stdio.h>

int main(void) {
    puts("hello");
    return 0;
}
