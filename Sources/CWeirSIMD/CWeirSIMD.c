#include "CWeirSIMD.h"
